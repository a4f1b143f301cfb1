package org.beamtemplates.transforms.ingest;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
   * Stamps {@link FetchedRecords} that go through {@link Stamped} before they leave the reader: the
   * stamp is an object, which keeps what was made of the records to find their event times.
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
    return inReader ? new FetchedPolicy(eventTime, watermark) : new Policy(eventTime, watermark);
  }

  private synchronized ConcurrentMap<TopicPartition, PartitionWatermark> watermarks() {
    if (watermarks == null) {
      watermarks = new ConcurrentHashMap<>();
    }
    return watermarks;
  }

  private static class Policy extends TimestampPolicy<byte[], byte[]> {

    private final EventTime eventTime;
    private final PartitionWatermark watermark;

    Policy(EventTime eventTime, PartitionWatermark watermark) {
      this.eventTime = eventTime;
      this.watermark = watermark;
    }

    @Override
    public Instant getTimestampForRecord(
        PartitionContext context, KafkaRecord<byte[], byte[]> kafkaRecord) {
      StampedRecord stamped = stamp(KafkaRecords.toRaw(kafkaRecord), kafkaRecord.getOffset());
      Headers headers = kafkaRecord.getHeaders();
      headers.remove(STAMP);
      headers.add(new RecordHeader(STAMP, encode(stamped.watermarkMillis(), stamped.reading())));
      return Instant.ofEpochMilli(stamped.timestampMillis());
    }

    final StampedRecord stamp(RawRecord raw, long offset) {
      Reading reading = eventTime.of(raw);
      OptionalLong sane =
          reading.status() == Status.SANE
              ? OptionalLong.of(reading.millis())
              : OptionalLong.empty();
      long judgedBy = watermark.record(offset, sane, eventTime.nowFor(reading.millis()));
      return new StampedRecord(raw, judgedBy, reading);
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

  /** Stamps each of the records that are fetched together. */
  private static final class FetchedPolicy extends Policy {

    FetchedPolicy(EventTime eventTime, PartitionWatermark watermark) {
      super(eventTime, watermark);
    }

    /** Returns the least timestamp of all. */
    @Override
    public Instant getTimestampForRecord(
        PartitionContext context, KafkaRecord<byte[], byte[]> kafkaRecord) {
      List<ConsumerRecord<byte[], byte[]>> fetched = FetchedRecords.of(kafkaRecord);
      List<StampedRecord> all = new ArrayList<>(fetched.size());
      long least = Long.MAX_VALUE;
      for (ConsumerRecord<byte[], byte[]> each : fetched) {
        StampedRecord stamped = stamp(KafkaRecords.toRaw(each), each.offset());
        least = Math.min(least, stamped.timestampMillis());
        all.add(stamped);
      }
      kafkaRecord.getHeaders().add(new StampedHeader(all));
      return Instant.ofEpochMilli(least);
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
    ByteBuffer bytes = ByteBuffer.wrap(header.value());
    long watermarkMillis = bytes.getLong();
    Reading reading = new Reading(Status.ofCode(bytes.get()), bytes.getLong());
    return new StampedRecord(KafkaRecords.toRaw(kafkaRecord), watermarkMillis, reading);
  }

  /** Returns whether a header is the stamp, and not the producer's. */
  static boolean isStamp(Header header) {
    return header.key().equals(STAMP);
  }

  /** The stamp of records that do not leave their reader's thread: nothing is encoded. */
  private static final class StampedHeader implements Header {

    private final List<StampedRecord> stamped;

    StampedHeader(List<StampedRecord> stamped) {
      this.stamped = stamped;
    }

    @Override
    public String key() {
      return STAMP;
    }

    @Override
    public byte[] value() {
      throw new IllegalStateException("records stamped together do not leave their reader as one");
    }
  }

  /** Takes records with their stamps out of the reader that has made them. */
  static final class Stamped
      implements SerializableFunction<KafkaRecord<byte[], byte[]>, List<StampedRecord>> {

    private static final long serialVersionUID = 1L;

    @Override
    public List<StampedRecord> apply(KafkaRecord<byte[], byte[]> kafkaRecord) {
      if (kafkaRecord.getHeaders().lastHeader(STAMP) instanceof StampedHeader header) {
        return header.stamped;
      }
      throw new IllegalStateException("records came past their reader's timestamp policy");
    }
  }
}
