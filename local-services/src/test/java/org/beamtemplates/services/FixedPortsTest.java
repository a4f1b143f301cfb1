package org.beamtemplates.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPortsTest {

  private static final Map<String, IntFunction<AutoCloseable>> SERVICES =
      Map.of(
          "Kafka", LocalKafka::start,
          "the schema registry", LocalSchemaRegistry::start,
          "PostgreSQL", LocalPostgres::start);

  @Test
  void eachServiceIsWhereItWasAskedToBe() {
    int kafkaPort = Ports.free();
    try (LocalKafka kafka = LocalKafka.start(kafkaPort)) {
      assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + kafkaPort);
      kafka.createTopic("events", 1);
    }
    int registryPort = Ports.free();
    try (LocalSchemaRegistry registry = LocalSchemaRegistry.start(registryPort)) {
      assertThat(registry.url()).startsWith("http://127.0.0.1:" + registryPort + "/");
      assertThat(registry.register("events-value", "\"string\"")).isPositive();
    }
    int postgresPort = Ports.free();
    try (LocalPostgres postgres = LocalPostgres.start(postgresPort)) {
      assertThat(postgres.jdbcUrl()).startsWith("jdbc:postgresql://127.0.0.1:" + postgresPort);
      postgres.execute("SELECT 1");
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void aTakenPortIsToldBeforeAnythingStarts(String service) throws IOException {
    try (ServerSocket other = new ServerSocket()) {
      other.bind(Ports.loopback(0));
      List<Long> children = children();

      assertThatExceptionOfType(PortTakenException.class)
          .isThrownBy(() -> SERVICES.get(service).apply(other.getLocalPort()).close())
          .withMessageContainingAll(service, Integer.toString(other.getLocalPort()))
          .matches(e -> e.port() == other.getLocalPort() && e.service().equals(service));

      assertThat(children()).isEqualTo(children);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void aNumberThatIsNoPortIsRefused(int port) {
    assertThatThrownBy(() -> LocalKafka.start(port).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Kafka", Integer.toString(port), "65535");
  }

  static Stream<String> services() {
    return SERVICES.keySet().stream();
  }

  private static List<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).sorted().toList();
  }
}
