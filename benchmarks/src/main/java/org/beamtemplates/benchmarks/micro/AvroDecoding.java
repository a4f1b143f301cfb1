package org.beamtemplates.benchmarks.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Confluent's Avro into an event, in the writer's schema; the peer is Avro's fast reader at the
 * body of the same bytes, with its decoder reused. It reads no header and asks no registry.
 */
@State(Scope.Thread)
public class AvroDecoding {

  private static final int HEADER = 5;
  private static final int ID = 7;

  private final SpecificDatumReader<PageEvent> reader = reader();
  private final byte[] good;
  private final byte[] broken;
  private final RawRecord goodRecord;
  private final RawRecord brokenRecord;
  private HttpServer registry;
  private Decoder<PageEvent> decoder;
  private @Nullable BinaryDecoder reused;

  public AvroDecoding() {
    good = encoded();
    broken = Arrays.copyOf(good, good.length - 8);
    goodRecord = Pages.record(good);
    brokenRecord = Pages.record(broken);
  }

  private static SpecificDatumReader<PageEvent> reader() {
    SpecificData data = new SpecificData();
    data.setFastReaderEnabled(true);
    return new SpecificDatumReader<>(PageEvent.getClassSchema(), PageEvent.getClassSchema(), data);
  }

  private static byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ByteBuffer.allocate(HEADER).put((byte) 0).putInt(ID).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new SpecificDatumWriter<>(PageEvent.class).write(Pages.page(), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot encode a page view", e);
    }
    return bytes.toByteArray();
  }

  /** Starts a registry of one schema, which is asked once. */
  @Setup
  public void open() throws IOException {
    byte[] answer =
        new ObjectMapper()
            .writeValueAsBytes(Map.of("schema", PageEvent.getClassSchema().toString()));
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/schemas/ids/" + ID,
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    registry.start();
    String url = "http://127.0.0.1:" + registry.getAddress().getPort();
    decoder = Decoders.confluentAvro(PageEvent.class, SchemaRegistry.at(url));
    decoder.open();
  }

  /** Stops the registry. */
  @TearDown
  public void close() {
    registry.stop(0);
  }

  @Benchmark
  public PageEvent libraryGood() throws DecodeException {
    return decoder.decode(goodRecord);
  }

  @Benchmark
  public PageEvent peerGood() throws IOException {
    return read(good);
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
      throw new IllegalStateException("Broken, but read: " + read(broken));
    } catch (IOException e) {
      return e;
    }
  }

  private PageEvent read(byte[] value) throws IOException {
    reused = DecoderFactory.get().binaryDecoder(value, HEADER, value.length - HEADER, reused);
    return reader.read(null, reused);
  }
}
