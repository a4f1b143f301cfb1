package org.beamtemplates.pipelines.deadletterreplay;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Whether a topic can be a ledger: it must forget nothing. */
final class LedgerCheck {

  private LedgerCheck() {}

  /**
   * Returns why not, as the rest of a sentence about the topic, with the command that helps.
   *
   * @param absent why the topic is not there, if it is not
   */
  static Optional<String> problem(
      String brokers, String topic, Optional<String> absent, Duration timeout) {
    if (absent.isPresent()) {
      return Optional.of(
          absent.get()
              + "; it remembers what was sent. Create it, with as many partitions as shall send"
              + " side by side, which can never be changed:\n"
              + "      kafka-topics --bootstrap-server "
              + brokers
              + " --create --topic "
              + topic
              + " --partitions 4 --config cleanup.policy=compact");
    }
    Optional<String> changed = ReplayLedger.changed(brokers, topic, timeout);
    return changed.isPresent() ? changed : forgetful(brokers, topic, timeout);
  }

  private static Optional<String> forgetful(String brokers, String topic, Duration timeout) {
    return policy(brokers, topic, timeout)
        .filter(policy -> !policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT))
        .map(
            policy ->
                "has cleanup.policy="
                    + policy
                    + " and would forget what was sent; it has to be compact alone:\n"
                    + "      kafka-configs --bootstrap-server "
                    + brokers
                    + " --alter --topic "
                    + topic
                    + " --add-config cleanup.policy=compact");
  }

  /** Returns the policy; empty if nobody tells, as to users without the right to ask. */
  private static Optional<String> policy(String brokers, String topic, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis))) {
      Config config =
          admin
              .describeConfigs(List.of(resource))
              .values()
              .get(resource)
              .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.ofNullable(config.get(TopicConfig.CLEANUP_POLICY_CONFIG))
          .map(entry -> entry.value());
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
