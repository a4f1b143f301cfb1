package org.beamtemplates.pipelines.deadletterreplay;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.beamtemplates.transforms.retry.AwayException;
import org.beamtemplates.transforms.retry.Patience;

/**
 * Reads parts of topics: committed records only; belongs to no group and commits nothing. A broker
 * that is away is waited for. For one thread.
 */
final class TopicReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Patience patience;
  private final KafkaConsumer<byte[], byte[]> consumer;

  TopicReader(String bootstrapServers, Patience patience) {
    this.patience = patience;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // Else the consumer waits that long for more when it is closed.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                50,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                20_000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Returns how many partitions a topic has; 0 if it does not exist. */
  int partitions(String topic) {
    return outlast(() -> consumer.partitionsFor(topic).size());
  }

  /** Returns everything that is in a topic now, a range for each partition. */
  List<TopicRange> ranges(String topic) {
    return outlast(
        () ->
            consumer.partitionsFor(topic).stream()
                .map(info -> range(new TopicPartition(topic, info.partition())))
                .toList());
  }

  /** Returns everything that is in a partition now. */
  TopicRange range(String topic, int partition) {
    return outlast(() -> range(new TopicPartition(topic, partition)));
  }

  private TopicRange range(TopicPartition partition) {
    long start = consumer.beginningOffsets(List.of(partition)).get(partition);
    // Of an open transaction, the end is where it begins.
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    return new TopicRange(partition.topic(), partition.partition(), start, end);
  }

  /** Hands over the records of a range that are still there, in order. */
  void read(TopicRange range, Consumer<ConsumerRecord<byte[], byte[]>> records) {
    if (range.isEmpty()) {
      return;
    }
    TopicPartition partition = new TopicPartition(range.topic(), range.partition());
    consumer.assign(List.of(partition));
    consumer.seek(partition, range.start());
    long position = range.start();
    while (position < range.end()) {
      for (ConsumerRecord<byte[], byte[]> found : next(partition, position)) {
        if (found.offset() < range.end()) {
          records.accept(found);
        }
      }
      // Asked for, and not counted: compaction leaves gaps, and markers take offsets.
      position = outlast(() -> consumer.position(partition));
    }
  }

  /** Returns the record at an offset; empty if it is gone: deleted, compacted, never committed. */
  Optional<ConsumerRecord<byte[], byte[]>> at(String topic, int partition, long offset) {
    TopicRange there = range(topic, partition);
    return offset < there.start() || offset >= there.end()
        ? Optional.empty()
        : first(new TopicRange(topic, partition, offset, offset + 1));
  }

  /** Returns the first record of a range that is still there. */
  Optional<ConsumerRecord<byte[], byte[]>> first(TopicRange range) {
    TopicPartition partition = new TopicPartition(range.topic(), range.partition());
    consumer.assign(List.of(partition));
    consumer.seek(partition, range.start());
    long position = range.start();
    while (position < range.end()) {
      List<ConsumerRecord<byte[], byte[]>> found = next(partition, position);
      if (!found.isEmpty()) {
        return Optional.of(found.get(0)).filter(record -> record.offset() < range.end());
      }
      position = outlast(() -> consumer.position(partition));
    }
    return Optional.empty();
  }

  /** Waits for records, or for the position to pass some that are not for us. */
  private List<ConsumerRecord<byte[], byte[]>> next(TopicPartition partition, long position) {
    return outlast(
        () -> {
          for (Duration waited = Duration.ZERO;
              waited.compareTo(SILENCE) < 0;
              waited = waited.plus(POLL)) {
            List<ConsumerRecord<byte[], byte[]>> found = poll(partition);
            if (!found.isEmpty() || consumer.position(partition) > position) {
              return found;
            }
          }
          throw new AwayException("gives nothing from " + partition + " at " + position, null);
        });
  }

  /** What was deleted while it was read is not there to be read. */
  private List<ConsumerRecord<byte[], byte[]>> poll(TopicPartition partition) {
    try {
      return consumer.poll(POLL).records(partition);
    } catch (OffsetOutOfRangeException e) {
      consumer.seekToBeginning(List.of(partition));
      return List.of();
    }
  }

  private <T> T outlast(Patience.Attempt<T, RuntimeException> attempt) {
    return patience.outlast(
        "Kafka",
        () -> {
          try {
            return attempt.run();
          } catch (RetriableException e) {
            throw new AwayException("does not answer (" + e.getMessage() + ")", e);
          }
        });
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
  }
}
