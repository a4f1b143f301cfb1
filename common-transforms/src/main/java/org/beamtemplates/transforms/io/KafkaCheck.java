package org.beamtemplates.transforms.io;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
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
    Admin admin;
    try {
      admin = Admin.create(config(bootstrapServers, Math.toIntExact(timeout.toMillis())));
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
    return ask(bootstrapServers, timeout, admin -> admin.partitions(topic))
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /**
   * Returns the partitions of a topic for which a group has committed no offset while it has for
   * others: those that are newer than the group's last work. Empty if it has committed none at all,
   * as its offsets expire, or nobody answers, or there is no such topic.
   */
  public static List<Integer> partitionsUnknownTo(
      String groupId, String bootstrapServers, String topic, Duration timeout) {
    return ask(bootstrapServers, timeout, admin -> partitionsUnknownTo(groupId, admin, topic))
        .orElse(List.of());
  }

  private static List<Integer> partitionsUnknownTo(String groupId, Answers admin, String topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    int partitions = admin.partitions(topic);
    Set<Integer> known =
        admin
            .await(admin.admin().listConsumerGroupOffsets(groupId).partitionsToOffsetAndMetadata())
            .entrySet()
            .stream()
            .filter(offset -> offset.getValue() != null)
            .map(Map.Entry::getKey)
            .filter(partition -> partition.topic().equals(topic))
            .map(TopicPartition::partition)
            .collect(toSet());
    return known.isEmpty()
        ? List.of()
        : IntStream.range(0, partitions).filter(p -> !known.contains(p)).boxed().toList();
  }

  private interface Question<T> {
    T ask(Answers admin) throws InterruptedException, ExecutionException, TimeoutException;
  }

  /** An admin client whose answers are waited for so long, and no longer. */
  private record Answers(Admin admin, int millis) {

    int partitions(String topic) throws InterruptedException, ExecutionException, TimeoutException {
      return await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
          .partitions()
          .size();
    }

    <T> T await(KafkaFuture<T> answer)
        throws InterruptedException, ExecutionException, TimeoutException {
      return answer.get(millis, TimeUnit.MILLISECONDS);
    }
  }

  private static <T> Optional<T> ask(
      String bootstrapServers, Duration timeout, Question<T> question) {
    int millis = Math.toIntExact(timeout.toMillis());
    try {
      Admin admin = Admin.create(config(bootstrapServers, millis));
      try {
        return Optional.of(question.ask(new Answers(admin, millis)));
      } finally {
        admin.close(Duration.ZERO);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return Optional.empty();
    }
  }

  private static Map<String, Object> config(String bootstrapServers, int millis) {
    return Map.of(
        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
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
