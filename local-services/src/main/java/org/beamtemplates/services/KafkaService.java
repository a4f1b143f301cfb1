package org.beamtemplates.services;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A real Kafka on this machine, of one node or several, as tests use it. Thread-safe. */
public interface KafkaService extends AutoCloseable {

  /** Returns where clients find it: {@code host:port}, several with commas. */
  String bootstrapServers();

  /**
   * Creates a topic and returns when it can be used.
   *
   * @throws IllegalStateException if the broker refuses, for example because the topic exists
   */
  void createTopic(String name, int partitions);

  /**
   * Writes records in the given order and returns when the broker has them all. Goes through the
   * records twice, to find a missing topic before anything is written.
   *
   * @throws IllegalStateException if the broker refuses one, or its topic does not exist
   */
  void send(Iterable<ProducerRecord<byte[], byte[]>> records);

  /**
   * Reads a topic from its beginning to its present end: records that are committed, or were
   * written without a transaction. Ordered by partition, then by offset. All of it is held in
   * memory.
   *
   * @throws IllegalStateException if the end cannot be reached within a minute
   */
  List<ConsumerRecord<byte[], byte[]>> readAll(String topic);

  /** Stops it and deletes its data. Does nothing the second time. */
  @Override
  void close();
}
