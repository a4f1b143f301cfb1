package org.beamtemplates.pipelines.deadletterreplay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.beamtemplates.transforms.retry.AwayException;
import org.beamtemplates.transforms.retry.Patience;

/**
 * Which topics there are to send to. Asked once for each topic: a producer would wait for one that
 * does not exist until it gives up.
 */
final class Targets implements AutoCloseable {

  private final Patience patience;
  private final Admin admin;
  private final Map<String, Integer> partitions = new HashMap<>();

  Targets(String bootstrapServers, Patience patience) {
    this.patience = patience;
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                15_000));
  }

  /** Returns how many partitions a topic has; 0 if there is no such topic. */
  int partitions(String topic) {
    return partitions.computeIfAbsent(topic, this::ask);
  }

  private int ask(String topic) {
    return patience.outlast(
        "Kafka",
        () -> {
          try {
            return admin
                .describeTopics(List.of(topic))
                .topicNameValues()
                .get(topic)
                .get(20, TimeUnit.SECONDS)
                .partitions()
                .size();
          } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException
                || cause instanceof InvalidTopicException) {
              return 0;
            }
            if (cause instanceof RetriableException) {
              throw new AwayException("does not answer (" + cause.getMessage() + ")", cause);
            }
            throw new IllegalStateException("Kafka tells nothing about topic " + topic, cause);
          } catch (TimeoutException e) {
            throw new AwayException("does not answer", e);
          }
        });
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
