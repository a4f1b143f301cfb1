package org.beamtemplates.benchmarks.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.Arrays;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.record.RawRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** JSON into an event; the peer is Jackson's databind into a record of the same fields. */
@State(Scope.Thread)
public class JsonDecoding {

  /** What the peer makes. */
  public record Page(
      String eventId,
      String userId,
      String sessionId,
      String page,
      String category,
      String country,
      String device,
      long eventTimeMs,
      long loadTimeMs,
      long revenueMinor,
      String currency) {}

  private final Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
  private final ObjectReader reader = new ObjectMapper().readerFor(Page.class);
  private final byte[] good = Pages.page().toString().getBytes(UTF_8);
  private final byte[] broken = Arrays.copyOf(good, good.length - 20);
  private final RawRecord goodRecord = Pages.record(good);
  private final RawRecord brokenRecord = Pages.record(broken);

  /** Prepares the decoder, as a worker does. */
  @Setup
  public void open() {
    decoder.open();
  }

  @Benchmark
  public PageEvent libraryGood() throws DecodeException {
    return decoder.decode(goodRecord);
  }

  @Benchmark
  public Page peerGood() throws IOException {
    return reader.readValue(good);
  }

  @Benchmark
  public Exception libraryBroken() {
    try {
      throw new IllegalStateException("Broken, but read: " + decoder.decode(brokenRecord));
    } catch (DecodeException e) {
      return e;
    }
  }

  @Benchmark
  public Exception peerBroken() {
    try {
      throw new IllegalStateException("Broken, but read: " + reader.readValue(broken));
    } catch (IOException e) {
      return e;
    }
  }
}
