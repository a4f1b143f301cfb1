package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Goes through a topic from its beginning. */
final class TopicPass {

  private static final Duration POLL = Duration.ofMillis(100);

  private TopicPass() {}

  /** Returns where the partitions of a topic end now. */
  static Map<Integer, Long> ends(String bootstrapServers, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, topic)) {
      Map<Integer, Long> ends = new HashMap<>();
      consumer
          .endOffsets(consumer.assignment())
          .forEach((partition, end) -> ends.put(partition.partition(), end));
      return ends;
    }
  }

  /** Hands every record over that the topic holds now. */
  static void readAll(
      String bootstrapServers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, topic)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (!ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
        consumer.poll(POLL).forEach(reader);
      }
    }
  }

  /** Returns a consumer that stands at the beginning of all partitions. */
  static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // A consumer that is closed waits for the answer to what it has asked for.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                100,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }
}
