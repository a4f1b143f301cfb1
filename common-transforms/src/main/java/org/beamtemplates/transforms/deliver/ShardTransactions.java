package org.beamtemplates.transforms.deliver;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes the records of one shard in transactions that also hold how far the shard is: as a
 * committed offset, with the job's name as metadata, of a consumer group that is the shard's alone.
 * To open it ends what an earlier writer has left: its transaction is completed or aborted, and it
 * can write nothing more.
 */
final class ShardTransactions implements AutoCloseable {

  private final String topic;
  private final TopicPartition place;
  private final String name;
  private final KafkaProducer<byte[], byte[]> producer;
  private @Nullable String job;
  private long next;

  private ShardTransactions(String topic, String name, Map<String, Object> producerConfig) {
    this.topic = topic;
    this.place = new TopicPartition(topic, 0);
    this.name = name;
    this.producer =
        new KafkaProducer<>(producerConfig, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static ShardTransactions open(
      String bootstrapServers,
      String topic,
      String sinkGroupId,
      int shard,
      Map<String, Object> config) {
    String name = sinkGroupId + "-" + shard;
    Map<String, Object> ofShard = new HashMap<>(config);
    ofShard.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    ofShard.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    ShardTransactions opened = new ShardTransactions(topic, name, ofShard);
    try {
      opened.producer.initTransactions();
      opened.recall(bootstrapServers);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private void recall(String bootstrapServers) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            ConsumerConfig.GROUP_ID_CONFIG, name,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      OffsetAndMetadata committed = consumer.committed(Set.of(place)).get(place);
      if (committed != null) {
        job = committed.metadata();
        next = committed.offset();
      }
    }
  }

  /**
   * Returns the number of the next record of a job to write.
   *
   * @param known what to go by if Kafka knows nothing of the job, or no more
   */
  long nextOf(String asked, long known) {
    if (!asked.equals(job)) {
      job = asked;
      next = known;
    }
    return next;
  }

  /**
   * Writes records in one transaction.
   *
   * @param records those from the next one on, without a gap
   */
  void write(List<Numbered> records) {
    producer.beginTransaction();
    for (Numbered numbered : records) {
      // A failure shows when the transaction is committed.
      Future<RecordMetadata> unused =
          producer.send(new ProducerRecord<>(topic, numbered.key(), numbered.value()));
    }
    long after = records.get(records.size() - 1).number() + 1;
    producer.sendOffsetsToTransaction(
        Map.of(place, new OffsetAndMetadata(after, job)), new ConsumerGroupMetadata(name));
    producer.commitTransaction();
    next = after;
  }

  /** Leaves an open transaction to whoever opens the shard next. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
