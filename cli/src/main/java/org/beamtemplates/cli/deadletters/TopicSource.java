package org.beamtemplates.cli.deadletters;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.io.KafkaCheck;

/**
 * A topic of dead letters, from its beginning to where it ends now; committed records only.
 *
 * @param bootstrapServers brokers, {@code host:port,…}
 * @param topic name of the topic
 */
record TopicSource(String bootstrapServers, String topic) implements LetterSource {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long STANDSTILL_NANOS = Duration.ofSeconds(30).toNanos();

  /** Returns the topic if it is there. */
  static TopicSource of(String bootstrapServers, String topic) {
    KafkaCheck check = KafkaCheck.of(bootstrapServers, List.of(topic), PATIENCE);
    check
        .brokerProblem()
        .ifPresent(
            problem -> {
              throw new Refusal("--bootstrapServers was " + bootstrapServers + "; " + problem);
            });
    check
        .topicProblem(topic)
        .ifPresent(
            problem -> {
              throw new Refusal(
                  "--topic was " + topic + ", which " + problem + " on " + bootstrapServers);
            });
    return new TopicSource(bootstrapServers, topic);
  }

  @Override
  public void read(LetterReader reader) {
    records(Map.of(), found -> open(found, reader));
  }

  @Override
  public String name() {
    return topic;
  }

  /** A tombstone is no letter, and no fault either: compaction takes what it stands for away. */
  static void open(ConsumerRecord<byte[], byte[]> found, LetterReader reader) {
    if (found.value() == null) {
      return;
    }
    String place = found.topic() + "-" + found.partition() + "@" + found.offset();
    Found letter;
    try {
      letter = new Found(DeadLetterCodec.decode(found.value()), place);
    } catch (RuntimeException e) {
      reader.malformed(place, String.valueOf(e.getMessage()));
      return;
    }
    reader.letter(letter);
  }

  /** Returns where the partitions end now, by number. */
  Map<Integer, Long> ends() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      return byNumber(consumer.endOffsets(consumer.assignment()));
    }
  }

  /**
   * Hands over the records that are there now, and returns where they ended.
   *
   * @param from the first offset of a partition; the beginning of those that are not in it
   */
  Map<Integer, Long> records(
      Map<Integer, Long> from, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.seekToBeginning(consumer.assignment());
      from.forEach(
          (partition, offset) -> consumer.seek(new TopicPartition(topic, partition), offset));
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      long moved = System.nanoTime();
      long before = -1;
      while (!isAt(consumer, ends)) {
        consumer.poll(POLL).forEach(reader);
        long now = ends.keySet().stream().mapToLong(consumer::position).sum();
        if (now != before) {
          before = now;
          moved = System.nanoTime();
        } else if (System.nanoTime() - moved > STANDSTILL_NANOS) {
          throw new Refusal(
              "Cannot read %s to its end: nothing has come for %d s from %s"
                  .formatted(topic, STANDSTILL_NANOS / 1_000_000_000, bootstrapServers));
        }
      }
      return byNumber(ends);
    } catch (KafkaException e) {
      throw new Refusal(
          "Cannot read %s from %s (%s)".formatted(topic, bootstrapServers, e.getMessage()));
    }
  }

  private static boolean isAt(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> numbers = new HashMap<>();
    offsets.forEach((partition, offset) -> numbers.put(partition.partition(), offset));
    return numbers;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        Optional.ofNullable(consumer.partitionsFor(topic)).orElse(List.of()).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList());
    return consumer;
  }
}
