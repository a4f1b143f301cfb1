package org.beamtemplates.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.function.LongFunction;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Gives values the coordinates that a source would give them: one topic partition or one file,
 * record after record.
 *
 * <pre>{@code
 * Records records = Records.ofTopic("page-events", 3).startingAt(42);
 * decoder.decode(records.raw("{\"eventId\":\"1\"}"));        // page-events-3@42
 * Ingested<String> second = records.ingested("a");           // page-events-3@43
 * }</pre>
 */
public final class Records {

  private final LongFunction<Origin> origins;
  private long next;

  private Records(LongFunction<Origin> origins, long next) {
    this.origins = origins;
    this.next = next;
  }

  /** Records of a partition of a Kafka topic, from offset 0. */
  public static Records ofTopic(String topic, int partition) {
    requireNonNull(topic, "topic");
    return new Records(offset -> Origin.kafka(topic, partition, offset), 0);
  }

  /** Records of a file, from the first. */
  public static Records ofFile(String path) {
    requireNonNull(path, "path");
    return new Records(number -> Origin.file(path, number), 0);
  }

  /** Begins with another offset, or another number within the file. */
  public Records startingAt(long offset) {
    return new Records(origins, offset);
  }

  /** Returns the coordinates of the next record. */
  public Origin next() {
    return origins.apply(next++);
  }

  /** Returns the next record, with this text as its value. */
  public RawRecord raw(String text) {
    return raw(text.getBytes(UTF_8));
  }

  /** Returns the next record, with these bytes as its value; null for a tombstone. */
  public RawRecord raw(byte @Nullable [] value) {
    return RawRecord.of(next(), value);
  }

  /** Returns the next value, of a reader without a watermark: never late. */
  public <T> Ingested<T> ingested(T value) {
    return Ingested.of(value, next());
  }

  /**
   * Returns the next value, of a reader with a watermark.
   *
   * @param watermarkMillis the watermark just before the record, in milliseconds since the epoch
   */
  public <T> Ingested<T> ingested(T value, long watermarkMillis) {
    return new Ingested<>(value, next(), watermarkMillis);
  }
}
