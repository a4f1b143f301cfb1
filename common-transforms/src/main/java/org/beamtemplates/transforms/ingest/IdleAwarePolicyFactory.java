package org.beamtemplates.transforms.ingest;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.beamtemplates.transforms.record.RawRecord;
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
  private final boolean inReader;
  private transient @Nullable ConcurrentMap<TopicPartition, PartitionWatermark> watermarks;

  private IdleAwarePolicyFactory(EventTime eventTime, boolean inReader) {
    this.eventTime = eventTime;
    this.inReader = inReader;
  }

  /** Stamps records that travel as they are, encoded where the runner wants it. */
  static IdleAwarePolicyFactory forRecords(EventTime eventTime) {
    return new IdleAwarePolicyFactory(eventTime, false);
  }

  /**
   * Stamps records that go through {@link Stamped} before they leave the reader: the stamp is an
   * object, which keeps what was made of the record to find its event time.
   */
  static IdleAwarePolicyFactory forBatches(EventTime eventTime) {
    return new IdleAwarePolicyFactory(eventTime, true);
  }

  @Override
  public TimestampPolicy<byte[], byte[]> createTimestampPolicy(
      TopicPartition partition, Optional<Instant> previousWatermark) {
    PartitionWatermark watermark =
        watermarks()
            .computeIfAbsent(partition, any -> new PartitionWatermark(eventTime.maxDelay()));
    previousWatermark.ifPresent(previous -> watermark.resumeFrom(previous.getMillis()));
    return new Policy(eventTime, watermark, inReader);
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
    private final boolean inReader;

    Policy(EventTime eventTime, PartitionWatermark watermark, boolean inReader) {
      this.eventTime = eventTime;
      this.watermark = watermark;
      this.inReader = inReader;
    }

    @Override
    public Instant getTimestampForRecord(
        PartitionContext context, KafkaRecord<byte[], byte[]> kafkaRecord) {
      RawRecord raw = KafkaRecords.toRaw(kafkaRecord);
      Reading reading = eventTime.of(raw);
      OptionalLong sane =
          reading.status() == Status.SANE
              ? OptionalLong.of(reading.millis())
              : OptionalLong.empty();
      long judgedBy =
          watermark.record(kafkaRecord.getOffset(), sane, eventTime.nowFor(reading.millis()));
      Headers headers = kafkaRecord.getHeaders();
      headers.remove(STAMP);
      headers.add(
          inReader
              ? new StampedHeader(new StampedRecord(raw, judgedBy, reading))
              : new RecordHeader(STAMP, encode(judgedBy, reading)));
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

  private static byte[] encode(long watermarkMillis, Reading reading) {
    return ByteBuffer.allocate(STAMP_BYTES)
        .putLong(watermarkMillis)
        .put((byte) reading.status().code())
        .putLong(reading.millis())
        .array();
  }

  /** Returns a record with its stamp, after a policy of this factory has seen it. */
  static StampedRecord stamped(KafkaRecord<byte[], byte[]> kafkaRecord) {
    Header header = kafkaRecord.getHeaders().lastHeader(STAMP);
    if (header == null) {
      throw new IllegalStateException("a record came past its reader's timestamp policy");
    }
    if (header instanceof StampedHeader inMemory) {
      return inMemory.stamped;
    }
    ByteBuffer bytes = ByteBuffer.wrap(header.value());
    long watermarkMillis = bytes.getLong();
    Reading reading = new Reading(Status.ofCode(bytes.get()), bytes.getLong());
    return new StampedRecord(KafkaRecords.toRaw(kafkaRecord), watermarkMillis, reading);
  }

  /** Returns whether a header is the stamp, and not the producer's. */
  static boolean isStamp(Header header) {
    return header.key().equals(STAMP);
  }

  /** The stamp of a record that does not leave its reader's thread: nothing is encoded. */
  private static final class StampedHeader implements Header {

    private final StampedRecord stamped;

    StampedHeader(StampedRecord stamped) {
      this.stamped = stamped;
    }

    @Override
    public String key() {
      return STAMP;
    }

    @Override
    public byte[] value() {
      return encode(stamped.watermarkMillis(), stamped.reading());
    }
  }

  /** Takes a record with its stamp out of the reader that has made it. */
  static final class Stamped
      implements SerializableFunction<KafkaRecord<byte[], byte[]>, StampedRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    public StampedRecord apply(KafkaRecord<byte[], byte[]> kafkaRecord) {
      return stamped(kafkaRecord);
    }
  }
}
