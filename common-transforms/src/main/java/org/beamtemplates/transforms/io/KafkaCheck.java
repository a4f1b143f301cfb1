package org.beamtemplates.transforms.io;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks at a Kafka cluster before a launch: does it answer, are the topics there. A job would wait
 * for either without a word.
 */
public final class KafkaCheck {

  private final Optional<String> brokerProblem;
  private final Map<String, String> topicProblems;

  private KafkaCheck(Optional<String> brokerProblem, Map<String, String> topicProblems) {
    this.brokerProblem = brokerProblem;
    this.topicProblems = topicProblems;
  }

  /**
   * Asks the cluster for topics; takes {@code timeout} at most, and nothing is changed.
   *
   * @param bootstrapServers brokers, {@code host:port,…}
   */
  public static KafkaCheck of(String bootstrapServers, List<String> topics, Duration timeout) {
    Map<String, String> problems = new LinkedHashMap<>();
    int millis = Math.toIntExact(timeout.toMillis());
    Map<String, Object> config =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    Admin admin;
    try {
      admin = Admin.create(config);
    } catch (KafkaException e) {
      return new KafkaCheck(Optional.of(reason(e)), problems);
    }
    try {
      if (topics.isEmpty()) {
        return new KafkaCheck(silence(admin, timeout), problems);
      }
      DescribeTopicsResult described = admin.describeTopics(topics);
      for (Map.Entry<String, ? extends KafkaFuture<?>> topic :
          described.topicNameValues().entrySet()) {
        try {
          topic.getValue().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
          if (e.getCause() instanceof UnknownTopicOrPartitionException) {
            problems.put(topic.getKey(), "does not exist");
          } else if (e.getCause() instanceof InvalidTopicException) {
            problems.put(topic.getKey(), "is no legal name of a topic");
          } else {
            return new KafkaCheck(Optional.of(reason(e.getCause())), problems);
          }
        } catch (TimeoutException e) {
          return new KafkaCheck(
              Optional.of("no answer within " + timeout.toSeconds() + " s"), problems);
        }
      }
      return new KafkaCheck(Optional.empty(), problems);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new KafkaCheck(Optional.of("interrupted while waiting for an answer"), problems);
    } finally {
      admin.close(Duration.ZERO);
    }
  }

  /**
   * Returns how many partitions a topic has; empty if nobody answers, or there is no such topic.
   */
  public static OptionalInt partitions(String bootstrapServers, String topic, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    Map<String, Object> config =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    try {
      Admin admin = Admin.create(config);
      try {
        return OptionalInt.of(
            admin
                .describeTopics(List.of(topic))
                .topicNameValues()
                .get(topic)
                .get(millis, TimeUnit.MILLISECONDS)
                .partitions()
                .size());
      } finally {
        admin.close(Duration.ZERO);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return OptionalInt.empty();
    }
  }

  private static Optional<String> silence(Admin admin, Duration timeout)
      throws InterruptedException {
    try {
      admin.describeCluster().clusterId().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(reason(e.getCause()));
    } catch (TimeoutException e) {
      return Optional.of("no answer within " + timeout.toSeconds() + " s");
    }
  }

  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof org.apache.kafka.common.errors.TimeoutException
        ? "no answer: is a broker running there, and can it be reached from here?"
        : String.valueOf(root.getMessage());
  }

  /** Returns why the cluster cannot be used, or empty if it answers. */
  public Optional<String> brokerProblem() {
    return brokerProblem;
  }

  /** Returns what is wrong with a topic, or empty if it is there. */
  public Optional<String> topicProblem(String topic) {
    return Optional.ofNullable(topicProblems.get(topic));
  }
}
