package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.beamtemplates.transforms.io.KafkaCheck;

/**
 * The topic that remembers what was sent, as the replay keeps it: the key is the id of a dead
 * letter, the value a JSON object with an {@code action}.
 *
 * @param bootstrapServers brokers, {@code host:port,…}
 * @param topic name of the topic
 */
record LedgerTopic(String bootstrapServers, String topic) {

  /** Shards of a ledger for files. */
  static final int USUAL_PARTITIONS = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Creates the topic if it is absent; returns whether it was. */
  boolean createIfAbsent(int partitions) {
    KafkaCheck check = KafkaCheck.of(bootstrapServers, List.of(topic), PATIENCE);
    Optional<String> broker = check.brokerProblem();
    if (broker.isPresent()) {
      throw new Refusal("--bootstrapServers was " + bootstrapServers + "; " + broker.get());
    }
    if (check.topicProblem(topic).isEmpty()) {
      return false;
    }
    NewTopic created =
        new NewTopic(topic, Optional.of(partitions), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      admin.createTopics(List.of(created)).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw new Refusal(
          "Cannot create the ledger %s on %s (%s); create it yourself, with cleanup.policy=compact"
              .formatted(topic, bootstrapServers, e.getCause().getMessage()));
    } catch (TimeoutException e) {
      throw new Refusal(
          "Cannot create the ledger %s: %s does not answer".formatted(topic, bootstrapServers));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted");
    }
  }

  /** Returns where the ledger ends now. */
  Map<Integer, Long> ends() {
    return new TopicSource(bootstrapServers, topic).ends();
  }

  /** Returns the ids of what was sent since then. */
  Set<String> sentSince(Map<Integer, Long> ends) {
    Set<String> sent = new HashSet<>();
    new TopicSource(bootstrapServers, topic)
        .records(
            ends,
            found -> {
              if (isSent(found)) {
                sent.add(new String(found.key(), UTF_8));
              }
            });
    return sent;
  }

  private static boolean isSent(ConsumerRecord<byte[], byte[]> found) {
    try {
      return found.key() != null
          && found.value() != null
          && JSON.readTree(found.value()).path("action").asText().equals("SENT");
    } catch (IOException e) {
      return false;
    }
  }
}
