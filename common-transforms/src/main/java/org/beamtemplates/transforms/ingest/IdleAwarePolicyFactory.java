package org.beamtemplates.transforms.ingest;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Makes event times and watermarks in KafkaIO's readers, and stamps every record with what the
 * reader knew of it: the watermark of its partition just before it, and its event time.
 *
 * <p>The stamp travels as a header of the record, because a reader has no other way to tell the
 * next step; {@link KafkaRecords#toRaw} leaves it out. Beam's own policies stop at a partition that
 * has never delivered a record (<a
 * href="https://github.com/apache/beam/issues/20908">beam#20908</a>) and run away with one record
 * from the future.
 *
 * <p>The watermark of a partition lives here and not in the policy: KafkaIO's SDF makes a policy
 * for every bundle, and the Direct runner reopens readers at random, with a watermark older than
 * the one that was reported. The state is rebuilt from the checkpoint on a new worker.
 */
final class IdleAwarePolicyFactory implements TimestampPolicyFactory<byte[], byte[]> {

  private static final long serialVersionUID = 1L;
  private static final String STAMP = "org.beamtemplates.reader";
  private static final int STAMP_BYTES = Long.BYTES + Byte.BYTES + Long.BYTES;

  private final EventTime eventTime;
  private transient @Nullable ConcurrentMap<TopicPartition, PartitionWatermark> watermarks;

  IdleAwarePolicyFactory(EventTime eventTime) {
    this.eventTime = eventTime;
  }

  /**
   * What the reader knew of a record.
   *
   * @param watermarkMillis watermark of the partition just before the record
   * @param reading event time of the record
   */
  record Stamp(long watermarkMillis, Reading reading) {}

  @Override
  public TimestampPolicy<byte[], byte[]> createTimestampPolicy(
      TopicPartition partition, Optional<Instant> previousWatermark) {
    PartitionWatermark watermark =
        watermarks()
            .computeIfAbsent(partition, any -> new PartitionWatermark(eventTime.maxDelay()));
    previousWatermark.ifPresent(previous -> watermark.resumeFrom(previous.getMillis()));
    return new Policy(eventTime, watermark);
  }

  private synchronized ConcurrentMap<TopicPartition, PartitionWatermark> watermarks() {
    if (watermarks == null) {
      watermarks = new ConcurrentHashMap<>();
    }
    return watermarks;
  }

  private static final class Policy extends TimestampPolicy<byte[], byte[]> {

    private final EventTime eventTime;
    private final PartitionWatermark watermark;

    Policy(EventTime eventTime, PartitionWatermark watermark) {
      this.eventTime = eventTime;
      this.watermark = watermark;
    }

    @Override
    public Instant getTimestampForRecord(
        PartitionContext context, KafkaRecord<byte[], byte[]> kafkaRecord) {
      Reading reading = eventTime.of(KafkaRecords.toRaw(kafkaRecord));
      OptionalLong sane =
          reading.status() == Status.SANE
              ? OptionalLong.of(reading.millis())
              : OptionalLong.empty();
      long judgedBy = watermark.record(kafkaRecord.getOffset(), sane, eventTime.nowMillis());
      putStamp(kafkaRecord.getHeaders(), new Stamp(judgedBy, reading));
      // Without a time to believe, the record stands where its partition is.
      return Instant.ofEpochMilli(sane.orElse(judgedBy));
    }

    @Override
    public Instant getWatermark(PartitionContext context) {
      Instant look = context.getBacklogCheckTime();
      long millis =
          watermark.look(
              context.getMessageBacklog(),
              look == null ? BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() : look.getMillis());
      return Instant.ofEpochMilli(millis);
    }
  }

  private static void putStamp(Headers headers, Stamp stamp) {
    byte[] bytes =
        ByteBuffer.allocate(STAMP_BYTES)
            .putLong(stamp.watermarkMillis())
            .put((byte) code(stamp.reading().status()))
            .putLong(stamp.reading().millis())
            .array();
    headers.remove(STAMP);
    headers.add(STAMP, bytes);
  }

  /** Returns the stamp of a record that a policy of this factory has seen. */
  static Stamp stampOf(KafkaRecord<byte[], byte[]> kafkaRecord) {
    Header header = kafkaRecord.getHeaders().lastHeader(STAMP);
    if (header == null) {
      throw new IllegalStateException("a record came past its reader's timestamp policy");
    }
    ByteBuffer bytes = ByteBuffer.wrap(header.value());
    return new Stamp(bytes.getLong(), new Reading(status(bytes.get()), bytes.getLong()));
  }

  /** Returns whether a header is the stamp, and not the producer's. */
  static boolean isStamp(Header header) {
    return header.key().equals(STAMP);
  }

  private static int code(Status status) {
    return switch (status) {
      case SANE -> 0;
      case OUT_OF_RANGE -> 1;
      case MISSING -> 2;
    };
  }

  private static Status status(int code) {
    return switch (code) {
      case 0 -> Status.SANE;
      case 1 -> Status.OUT_OF_RANGE;
      default -> Status.MISSING;
    };
  }
}
