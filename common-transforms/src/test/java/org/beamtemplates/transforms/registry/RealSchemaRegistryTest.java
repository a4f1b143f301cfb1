package org.beamtemplates.transforms.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client against a real registry. */
@ExtendWith(SchemaRegistryExtension.class)
class RealSchemaRegistryTest {

  private static final Schema SCHEMA =
      SchemaBuilder.record("Thing").fields().requiredString("name").endRecord();
  private static final Schema INCOMPATIBLE =
      SchemaBuilder.record("Thing").fields().requiredInt("name").endRecord();

  private final LocalSchemaRegistry server;
  private final String subject = "things-" + UUID.randomUUID() + "-value";

  RealSchemaRegistryTest(LocalSchemaRegistry server) {
    this.server = server;
  }

  @Test
  void givesBackWhatWasRegistered() throws UnknownSchemaException {
    int id = SchemaRegistry.at(server.url()).register(subject, SCHEMA);

    assertThat(SchemaRegistry.at(server.url()).schemaById(id)).isEqualTo(SCHEMA);
    assertThat(SchemaRegistry.at(server.url()).register(subject, SCHEMA)).isEqualTo(id);
  }

  @Test
  void registersOneNewSchemaForManyWorkersAtOnce() throws Exception {
    int workers = 8;
    ExecutorService executor = Executors.newFixedThreadPool(workers);
    try {
      for (int round = 0; round < 5; round++) {
        String fresh = subject + "-" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> ids = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
          ids.add(
              executor.submit(
                  () -> {
                    start.await();
                    return SchemaRegistry.at(server.url()).register(fresh, SCHEMA);
                  }));
        }
        start.countDown();

        Set<Integer> distinct = new HashSet<>();
        for (Future<Integer> id : ids) {
          distinct.add(id.get(30, TimeUnit.SECONDS));
        }
        assertThat(distinct).hasSize(1);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void refusesASchemaThatIsNotCompatible() {
    SchemaRegistry registry = SchemaRegistry.at(server.url());
    registry.register(subject, SCHEMA);

    assertThatThrownBy(() -> registry.register(subject, INCOMPATIBLE))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining(subject);
  }

  @Test
  void doesNotKnowAnIdThatWasNeverGiven() {
    assertThatThrownBy(() -> SchemaRegistry.at(server.url()).schemaById(123_456_789))
        .isInstanceOf(UnknownSchemaException.class);
  }

  @Test
  void saysThatARegistryIsThereOrIsNot() {
    assertThat(SchemaRegistry.at(server.url()).problem()).isEmpty();
    assertThat(SchemaRegistry.at(server.url() + "/nowhere").problem()).isPresent();
  }

  @Test
  void outlastsARegistryThatIsAwayForAWhile() throws Exception {
    try (LocalSchemaRegistry own = LocalSchemaRegistry.start()) {
      int id = SchemaRegistry.at(own.url()).register(subject, SCHEMA);
      own.gate().cut();
      ExecutorService executor = Executors.newSingleThreadExecutor();
      try {
        SchemaRegistry client = SchemaRegistry.at(own.url()).withPatience(Duration.ofMinutes(1));
        Future<Schema> schema = executor.submit(() -> client.schemaById(id));
        assertThatThrownBy(() -> schema.get(1, TimeUnit.SECONDS))
            .isInstanceOf(java.util.concurrent.TimeoutException.class);

        own.gate().restore();

        assertThat(schema.get(30, TimeUnit.SECONDS)).isEqualTo(SCHEMA);
      } finally {
        executor.shutdownNow();
      }
    }
  }
}
