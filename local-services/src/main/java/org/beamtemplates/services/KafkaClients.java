package org.beamtemplates.services;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What tests write to a Kafka with, and ask it. */
final class KafkaClients implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  private KafkaClients(Admin admin, KafkaProducer<byte[], byte[]> producer) {
    this.admin = admin;
    this.producer = producer;
  }

  static KafkaClients of(String bootstrapServers) {
    return new KafkaClients(
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers)),
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer()));
  }

  /**
   * Creates a topic with settings of its own and returns when it can be used.
   *
   * @param config topic settings as Kafka names them, such as {@code max.message.bytes}
   * @throws IllegalStateException if the broker refuses, for example because the topic exists
   */
  void createTopic(String name, int partitions, Map<String, String> config) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
    await("create topic " + name, admin.createTopics(List.of(topic)).all());
    if (!Poll.until(LIMIT, () -> allPartitionsAnswer(name, partitions))) {
      throw new IllegalStateException("Topic " + name + " cannot be used after " + LIMIT);
    }
  }

  /** Whether the broker knows the topic. */
  boolean topicExists(String name) {
    return isKnown("describe topic " + name, admin.describeTopics(List.of(name)).allTopicNames());
  }

  /**
   * Writes records in the given order and returns when the broker has them all. Goes through the
   * records twice, to find a missing topic before anything is written.
   *
   * @throws IllegalStateException if the broker refuses one, or its topic does not exist
   */
  void send(Iterable<ProducerRecord<byte[], byte[]>> records) {
    Set<String> topics = new HashSet<>();
    records.forEach(record -> topics.add(record.topic()));
    topics.forEach(this::requireTopic);
    List<Future<?>> pending = new ArrayList<>();
    records.forEach(record -> pending.add(producer.send(record)));
    producer.flush();
    pending.forEach(written -> await("write a record", written));
  }

  /** Returns the nodes that the cluster knows to be there. */
  int nodes() {
    try {
      return admin.describeCluster().nodes().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).size();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (ExecutionException | TimeoutException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }

  /**
   * Metadata shows a topic before its partitions take records, and an idempotent producer whose
   * first batch is turned away may get its second one accepted, and then never the first.
   */
  private boolean allPartitionsAnswer(String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> ends =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toUnmodifiableMap(p -> p, p -> OffsetSpec.latest()));
    return isKnown("use topic " + topic, admin.listOffsets(ends).all());
  }

  /** Says at once what the producer would notice after a minute. */
  private void requireTopic(String name) {
    if (!topicExists(name)) {
      throw new IllegalStateException("Topic " + name + " does not exist");
    }
  }

  private static void await(String what, Future<?> future) {
    try {
      get(future);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause());
    }
  }

  /** Whether the broker's answer is about a topic that it knows. */
  private static boolean isKnown(String what, Future<?> answer) {
    try {
      get(answer);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw failure(what, e.getCause());
    }
  }

  private static void get(Future<?> future) throws ExecutionException {
    try {
      future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionException("Interrupted", e);
    } catch (TimeoutException e) {
      throw new ExecutionException("No answer within " + LIMIT, e);
    }
  }

  private static IllegalStateException failure(String what, Throwable reason) {
    return new IllegalStateException("Could not " + what, reason);
  }
}
