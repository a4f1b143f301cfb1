package org.beamtemplates.benchmarks.micro;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A record with its origin into bytes and back; the peer codes the value alone. */
@State(Scope.Thread)
public class IngestedCoding {

  private final Coder<String> alone = StringUtf8Coder.of();
  private final Coder<Ingested<String>> coder = Ingested.coder(alone);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
  private final String value = Pages.page().getPage();
  private final Ingested<String> element = Ingested.of(value, Origin.kafka("pages", 1, 4_711));

  @Benchmark
  public Ingested<String> libraryThereAndBack() throws IOException {
    return thereAndBack(coder, element);
  }

  @Benchmark
  public String peerThereAndBack() throws IOException {
    return thereAndBack(alone, value);
  }

  private <T> T thereAndBack(Coder<T> with, T one) throws IOException {
    bytes.reset();
    with.encode(one, bytes);
    return with.decode(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
