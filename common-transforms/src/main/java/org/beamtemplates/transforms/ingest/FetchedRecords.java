package org.beamtemplates.transforms.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Takes the records that a poll has brought of a partition through KafkaIO's classic reader as one
 * record, so that what the reader does for each (five counters found by their names, a record and a
 * context made) it does once for all of them. On Flink that was 0.2 µs of 0.64 µs that reading cost
 * beside decoding.
 *
 * <p>The one record has the offset of the last, so that the reader's marks, its commits and its
 * backlog in records stay exact; it is as large as they are on average, which keeps the backlog in
 * bytes right. KafkaIO's own counters of records and bytes count it as one.
 */
final class FetchedRecords {

  private static final String NAME = "org.beamtemplates.fetched";

  private FetchedRecords() {}

  /** Returns what a poll has brought, with one record for each partition. */
  static ConsumerRecords<byte[], byte[]> asOne(ConsumerRecords<byte[], byte[]> polled) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> ones = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      ones.put(partition, List.of(asOne(polled.records(partition))));
    }
    return new ConsumerRecords<>(ones);
  }

  private static ConsumerRecord<byte[], byte[]> asOne(List<ConsumerRecord<byte[], byte[]>> all) {
    ConsumerRecord<byte[], byte[]> last = all.get(all.size() - 1);
    return new ConsumerRecord<>(
        last.topic(),
        last.partition(),
        last.offset(),
        last.timestamp(),
        last.timestampType(),
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        null,
        new byte[averageBytes(all)],
        new RecordHeaders(List.<Header>of(new Fetched(all))),
        Optional.empty());
  }

  private static int averageBytes(List<ConsumerRecord<byte[], byte[]>> all) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> each : all) {
      bytes += Math.max(0, each.serializedKeySize()) + Math.max(0, each.serializedValueSize());
    }
    // At least one: a backlog of tombstones is a backlog.
    return (int) Math.max(1, bytes / all.size());
  }

  /** Returns the records that a record of KafkaIO stands for. */
  static List<ConsumerRecord<byte[], byte[]>> of(KafkaRecord<byte[], byte[]> one) {
    if (one.getHeaders().lastHeader(NAME) instanceof Fetched fetched) {
      return fetched.records;
    }
    throw new IllegalStateException("a record came past its reader's consumer");
  }

  private static final class Fetched implements Header {

    private final List<ConsumerRecord<byte[], byte[]>> records;

    Fetched(List<ConsumerRecord<byte[], byte[]>> records) {
      this.records = records;
    }

    @Override
    public String key() {
      return NAME;
    }

    @Override
    public byte @Nullable [] value() {
      throw new IllegalStateException("records fetched together do not leave their reader as one");
    }
  }
}
