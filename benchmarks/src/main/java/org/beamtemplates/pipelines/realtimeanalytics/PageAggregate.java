package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.ingest.Validator;

/**
 * The template's accumulator, rules and keys for its peer in a benchmark, which is why it is in
 * this package: both keep the same sketches, so that what is compared is the rest.
 */
public final class PageAggregate {

  private static final PageAccumulatorCoder CODER = new PageAccumulatorCoder();

  private final PageAccumulator accumulator;

  private PageAggregate(PageAccumulator accumulator) {
    this.accumulator = accumulator;
  }

  /** Of no events. */
  public PageAggregate() {
    this(new PageAccumulator());
  }

  /** Reads what {@link #writeTo} has written. */
  public static PageAggregate readFrom(InputStream in) throws IOException {
    return new PageAggregate(CODER.decode(in));
  }

  /** Returns what an event must satisfy beyond its schema. */
  public static Validator<PageEvent> rules() {
    return new PageEventRules();
  }

  /** Returns the key of a result in the output topic. */
  public static byte[] key(PageStatistics statistics) {
    return Sinks.key(statistics).getBytes(UTF_8);
  }

  /** Adds an event; keeps nothing of it but its strings. */
  public void add(PageEvent event) {
    accumulator.add(event);
  }

  /** Adds all events of another, which stays as it is. */
  public void merge(PageAggregate other) {
    accumulator.merge(other.accumulator);
  }

  /** Returns the statistics, without key and window. */
  public PageStatistics toStatistics(int topPages) {
    return accumulator.toStatistics(topPages);
  }

  /** Writes it in the sketches' own formats. */
  public void writeTo(OutputStream out) throws IOException {
    CODER.encode(accumulator, out);
  }
}
