package org.beamtemplates.transforms.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class KafkaCheckTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration IMPATIENCE = Duration.ofSeconds(1);

  private final LocalKafka kafka;
  private final String topic = "check-" + UUID.randomUUID();

  KafkaCheckTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @Test
  void findsNothingWrongWithTopicsThatAreThere() {
    kafka.createTopic(topic, 1);

    KafkaCheck check = KafkaCheck.of(kafka.bootstrapServers(), List.of(topic), PATIENCE);

    assertThat(check.brokerProblem()).isEmpty();
    assertThat(check.topicProblem(topic)).isEmpty();
  }

  @Test
  void saysOfEachTopicWhatIsWrongWithIt() {
    kafka.createTopic(topic, 1);

    KafkaCheck check =
        KafkaCheck.of(
            kafka.bootstrapServers(),
            List.of("no/such name", topic + "-missing", topic, "", "x".repeat(250)),
            PATIENCE);

    assertThat(check.brokerProblem()).isEmpty();
    assertThat(check.topicProblem(topic)).isEmpty();
    assertThat(check.topicProblem(topic + "-missing")).contains("does not exist");
    assertThat(check.topicProblem("no/such name")).contains("is no legal name of a topic");
    assertThat(check.topicProblem("")).contains("is no legal name of a topic");
    assertThat(check.topicProblem("x".repeat(250))).contains("is no legal name of a topic");
  }

  @Test
  void createsNoTopic() {
    KafkaCheck.of(kafka.bootstrapServers(), List.of(topic), PATIENCE);

    assertThat(kafka.topicExists(topic)).isFalse();
  }

  @Test
  @Timeout(10)
  void saysWithinTheTimeoutThatNoBrokerIsThere() throws IOException {
    KafkaCheck check = KafkaCheck.of("127.0.0.1:" + closedPort(), List.of(topic), IMPATIENCE);

    assertThat(check.brokerProblem()).get().asString().startsWith("no answer");
    assertThat(check.topicProblem(topic)).isEmpty();
  }

  @Test
  @Timeout(10)
  void saysSoTooIfNoTopicIsAskedFor() throws IOException {
    KafkaCheck check = KafkaCheck.of("127.0.0.1:" + closedPort(), List.of(), IMPATIENCE);

    assertThat(check.brokerProblem()).get().asString().startsWith("no answer");
    assertThat(KafkaCheck.of(kafka.bootstrapServers(), List.of(), PATIENCE).brokerProblem())
        .isEmpty();
  }

  @Test
  @Timeout(10)
  void saysWithinTheTimeoutThatSomethingElseListensThere() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      KafkaCheck check =
          KafkaCheck.of("127.0.0.1:" + silent.getLocalPort(), List.of("a", "b", "c"), IMPATIENCE);

      assertThat(check.brokerProblem()).get().asString().startsWith("no answer");
    }
  }

  @Test
  void saysThatAnAddressIsNoAddress() {
    assertThat(KafkaCheck.of("nowhere", List.of(topic), IMPATIENCE).brokerProblem())
        .get()
        .asString()
        .contains("nowhere");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
