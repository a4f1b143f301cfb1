package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalKafkaLifecycleTest {

  @Test
  void startsAgainAndEmptyInTheSameJvm() {
    try (LocalKafka first = LocalKafka.start()) {
      first.createTopic("events", 1);
    }
    try (LocalKafka second = LocalKafka.start()) {
      assertThat(second.topicExists("events")).isFalse();
      second.createTopic("events", 1);
      second.send(List.of(new ProducerRecord<>("events", "again".getBytes(UTF_8))));
      assertThat(second.readAll("events")).hasSize(1);
    }
  }

  @Test
  void runsBesideAnother() {
    try (LocalKafka one = LocalKafka.start();
        LocalKafka other = LocalKafka.start()) {
      one.createTopic("only-here", 1);

      assertThat(one.topicExists("only-here")).isTrue();
      assertThat(other.topicExists("only-here")).isFalse();
    }
  }

  @Test
  void runsInAJvmOfItsOwn() {
    try (LocalKafka kafka = LocalKafka.startInOwnJvm(System.getProperty("java.class.path"))) {
      kafka.createTopic("events", 2);
      kafka.send(List.of(new ProducerRecord<>("events", "far".getBytes(UTF_8))));

      assertThat(kafka.readAll("events")).hasSize(1);
      assertThat(
              ProcessHandle.current().children().flatMap(child -> child.info().command().stream()))
          .anyMatch(command -> command.contains("java"));
    }
  }

  @Test
  void saysWhyItDoesNotStartInAJvmOfItsOwn() {
    assertThatThrownBy(() -> LocalKafka.startInOwnJvm("nowhere"))
        .hasStackTraceContaining("Kafka did not start in a JVM of its own")
        .hasStackTraceContaining("NoClassDefFoundError");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesNothingBehindWhenClosed(boolean ownJvm) {
    LocalKafka kafka =
        ownJvm
            ? LocalKafka.startInOwnJvm(System.getProperty("java.class.path"))
            : LocalKafka.start();
    kafka.createTopic("events", 1);
    assertThat(kafka.scratchFolder()).isNotEmptyDirectory();

    kafka.close();
    kafka.close();

    assertThat(kafka.scratchFolder()).doesNotExist();
    for (String address : List.of(kafka.bootstrapServers(), kafka.gatedBootstrapServers())) {
      assertThatThrownBy(() -> Connections.connect(portOf(address)))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void printsNothing() {
    PrintStream original = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try (LocalKafka kafka = LocalKafka.start()) {
      kafka.createTopic("events", 1);
    } finally {
      System.setOut(original);
    }

    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  @Test
  void goesAwayForClientsBehindTheGateAndComesBack() throws Exception {
    try (LocalKafka kafka = LocalKafka.start();
        Admin gated = gatedClient(kafka)) {
      kafka.createTopic("events", 1);
      assertThat(topics(gated)).isEqualTo("[events]");

      kafka.gate().cut();
      assertThatThrownBy(() -> topics(gated)).isInstanceOf(ExecutionException.class);
      assertThat(kafka.topicExists("events")).isTrue();

      kafka.gate().restore();
      await().ignoreExceptions().until(() -> topics(gated).equals("[events]"));
    }
  }

  private static String topics(Admin client) throws Exception {
    return client.listTopics().names().get(1, TimeUnit.MINUTES).toString();
  }

  private static Admin gatedClient(LocalKafka kafka) {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            kafka.gatedBootstrapServers(),
            "request.timeout.ms",
            "1000",
            "default.api.timeout.ms",
            "2000"));
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }
}
