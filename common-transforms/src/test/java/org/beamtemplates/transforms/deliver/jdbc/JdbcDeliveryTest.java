package org.beamtemplates.transforms.deliver.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PDone;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.PostgresExtension;
import org.beamtemplates.testing.CapturedLog;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.io.SecretReference;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.retry.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PostgresExtension.class)
class JdbcDeliveryTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final LocalPostgres postgres;
  private final String name = "sales_" + UUID.randomUUID().toString().replace('-', '_');
  private final JdbcTable<Sale> table = Sale.table(name);
  private Gathered<DeadLetter> dead;

  JdbcDeliveryTest(LocalPostgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void createTable() {
    postgres.execute(Sale.createTable(name));
  }

  @Test
  void keepsTheHighestRevisionInWhateverOrderTheyCome() {
    deliver(Sale.of("a", 1, 0), Sale.of("a", 3, 2), Sale.of("a", 2, 1), Sale.of("b", 9, 0));
    assertThat(amounts()).isEqualTo(Map.of("a", 3L, "b", 9L));

    deliver(Sale.of("a", 2, 1));
    assertThat(amounts()).containsEntry("a", 3L);

    deliver(Sale.of("a", 5, 3));
    assertThat(amounts()).containsEntry("a", 5L);
  }

  @Test
  void changesNothingWhenTheSameIsWrittenAgain() {
    Sale[] sales = many(1_200);
    deliver(sales);
    Map<String, Long> once = amounts();

    deliver(sales);

    assertThat(once).hasSize(1_200);
    assertThat(amounts()).isEqualTo(once);
  }

  @Test
  void letsAJobThatIsLaunchedAnewWinAndOneOfBeforeLose() {
    Instant later = NOON.plusSeconds(1);
    run(pipeline(delivery().withClock(at(NOON)), Sale.of("a", 7, 7)));

    run(pipeline(delivery().withClock(at(later)), Sale.of("a", 1, 0)));
    assertThat(amounts()).containsEntry("a", 1L);

    run(pipeline(delivery().withClock(at(NOON)), Sale.of("a", 8, 8)));
    assertThat(amounts()).containsEntry("a", 1L);
    assertThat(first("SELECT run FROM " + name)).isEqualTo(Long.toString(later.toEpochMilli()));
  }

  @Test
  void buriesWhatTheDatabaseRefusesAndWritesTheRest() {
    Sale[] sales = many(1_200);
    sales[0] = Sale.of("first", 1_001, 0);
    sales[700] = Sale.of("middle", 1_002, 0);
    sales[1_199] = Sale.of("last", 1_003, 0);

    PipelineResult result = deliver(sales);

    assertThat(amounts()).hasSize(1_197).doesNotContainKeys("first", "middle", "last");
    assertThat(dead.elements())
        .hasSize(3)
        .allSatisfy(
            letter -> {
              assertThat(letter.getCategory()).isEqualTo("DELIVER");
              assertThat(letter.getStage()).isEqualTo("deliver");
              assertThat(letter.getErrorMessage()).contains("affordable");
              assertThat(letter.getReplayable()).isTrue();
            })
        .extracting(letter -> text(letter.getPayload()) + " " + text(letter.getKey()))
        .containsExactlyInAnyOrder(
            "first:1001 id=first", "middle:1002 id=middle", "last:1003 id=last");
    // The Direct runner adds its counters up in the background.
    await()
        .untilAsserted(
            () ->
                assertThat(Accounting.of(result.metrics()).stage("deliver"))
                    .isEqualTo(new Accounting.Stage("deliver", 1_200, 1_197, 3, 0, 0, 0)));
  }

  @Test
  void buriesWhatNoDatabaseCanHold() {
    PipelineResult result =
        deliver(
            new Sale("nul", "a\0b", 1, 0),
            new Sale("half", "\uD83D", 1, 0),
            new Sale("whole", "\uD83D\uDE00", 1, 0),
            new Sale("x".repeat(10_000) + noise(), "too large for an index", 1, 0),
            Sale.of("secret", 2_000, 0));

    assertThat(amounts()).containsOnlyKeys("whole");
    assertThat(first("SELECT note FROM " + name)).isEqualTo("\uD83D\uDE00");
    assertThat(dead.elements())
        .extracting(DeadLetter::getErrorMessage)
        .hasSize(4)
        .anyMatch(message -> message.contains("note") && message.contains("U+0000"))
        .anyMatch(message -> message.contains("note") && message.contains("surrogate"))
        .anyMatch(message -> message.contains("index"))
        .anyMatch(message -> message.contains("affordable"));
    assertThat(dead.elements()).filteredOn(letter -> !letter.getReplayable()).hasSize(1);
    assertThat(Accounting.of(result.metrics()).stage("deliver").balances()).isTrue();
  }

  @Test
  void writesTheRevisionBelowOneThatIsRefused() {
    PipelineResult result = deliver(Sale.of("a", 5, 1), Sale.of("a", 1_001, 3), Sale.of("a", 6, 2));

    assertThat(amounts()).isEqualTo(Map.of("a", 6L));
    assertThat(dead.elements()).hasSize(1);
    assertThat(Accounting.of(result.metrics()).stage("deliver"))
        .isEqualTo(new Accounting.Stage("deliver", 3, 2, 1, 0, 0, 0));
  }

  @Test
  void waitsForADatabaseThatIsAwayAndBuriesNothing() throws Exception {
    try (LocalPostgres own = LocalPostgres.start();
        CapturedLog log = CapturedLog.of(Patience.class)) {
      own.execute(Sale.createTable(name));
      own.gate().cut();
      JdbcConnection gated = JdbcConnection.to(own.gatedJdbcUrl()).as(own.user());
      Pipeline pipeline = pipeline(delivery(gated), Sale.of("a", 1, 0), Sale.of("b", 2, 0));
      CompletableFuture<PipelineResult> job = CompletableFuture.supplyAsync(() -> run(pipeline));
      await().until(() -> !log.lines().isEmpty());
      await().during(Duration.ofSeconds(2)).until(() -> !job.isDone());

      own.gate().restore();

      PipelineResult result = job.get();
      assertThat(Accounting.of(result.metrics()).stage("deliver").out()).isEqualTo(2);
      assertThat(dead.elements()).isEmpty();
      assertThat(first(own, "SELECT count(*) FROM " + name)).isEqualTo("2");
      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("WARN Database jdbc:postgresql:"))
          .anyMatch(line -> line.contains("is back after"));
    }
  }

  @Test
  void givesTheBundleBackWhenPatienceIsOver() {
    JdbcConnection nobody = JdbcConnection.to("jdbc:postgresql://127.0.0.1:1/none").as("nobody");

    assertThatThrownBy(
            () -> run(pipeline(delivery(nobody).withPatience(Duration.ZERO), Sale.of("a", 1, 0))))
        .hasMessageContaining("127.0.0.1:1")
        .hasMessageContaining("takes no rows");
  }

  @Test
  void saysWhichTableIsMissingAndHowToCreateIt() {
    postgres.execute("DROP TABLE " + name);

    assertThatThrownBy(() -> deliver(Sale.of("a", 1, 0)))
        .hasMessageContainingAll(name, "42P01", table.createTable());
  }

  @Test
  void knowsThePasswordByReferenceAndTellsItNobody(@TempDir Path folder) throws Exception {
    String role = "writer_" + UUID.randomUUID().toString().replace('-', '_');
    Path file = Files.writeString(folder.resolve("password"), "open sesame\n");
    postgres.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'open sesame'");
    postgres.execute("GRANT SELECT, INSERT, UPDATE ON " + name + " TO " + role);
    JdbcConnection connection =
        JdbcConnection.to(postgres.jdbcUrl())
            .as(role)
            .withPassword(SecretReference.of("file:" + file));

    run(pipeline(delivery(connection), Sale.of("a", 1, 0)));

    assertThat(amounts()).containsOnlyKeys("a");
    ByteArrayOutputStream serialized = new ByteArrayOutputStream();
    new ObjectOutputStream(serialized).writeObject(connection);
    assertThat(serialized.toString(UTF_8)).contains("file:" + file).doesNotContain("sesame");
    assertThat(connection.toString()).doesNotContain("sesame");
  }

  @Test
  void writesElementsOfAnyWindow() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    try (DeadLetters deadLetters = letters()) {
      pipeline
          .apply(Create.of(Sale.of("a", 1, 0), Sale.of("b", 5_000, 0)).withCoder(coder()))
          .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
          .apply("Deliver", delivery().withDeadLetters(deadLetters));
    }

    run(pipeline);

    assertThat(amounts()).containsOnlyKeys("a");
    assertThat(dead.elements()).hasSize(1);
  }

  @Test
  void needsAPlaceForWhatItCannotWrite() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

    assertThatThrownBy(
            () ->
                pipeline.apply(Create.of(Sale.of("a", 1, 0)).withCoder(coder())).apply(delivery()))
        .hasMessageContaining("withDeadLetters");
  }

  private PipelineResult deliver(Sale... sales) {
    return run(pipeline(delivery().withClock(at(NOON)), sales));
  }

  private JdbcDelivery<Sale> delivery() {
    return delivery(JdbcConnection.to(postgres.jdbcUrl()).as(postgres.user()));
  }

  private JdbcDelivery<Sale> delivery(JdbcConnection connection) {
    return JdbcDelivery.to(connection, table, new Sale.SaleEncoder());
  }

  private Pipeline pipeline(JdbcDelivery<Sale> delivery, Sale... sales) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    try (DeadLetters deadLetters = letters()) {
      pipeline
          .apply(Create.of(List.of(sales)).withCoder(coder()))
          .apply("Deliver", delivery.withDeadLetters(deadLetters));
    }
    return pipeline;
  }

  private DeadLetters letters() {
    return DeadLetters.of(
        "test",
        "1",
        letters -> {
          dead = Gathered.of(letters);
          return PDone.in(letters.getPipeline());
        });
  }

  private static PipelineResult run(Pipeline pipeline) {
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return result;
  }

  private static Sale[] many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Sale.of("sale-" + i, i % 1_000, 0))
        .toArray(Sale[]::new);
  }

  private static String noise() {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(10_000, '0', 'z').forEach(c -> text.append((char) c));
    return text.toString();
  }

  private static SerializableCoder<Sale> coder() {
    return SerializableCoder.of(Sale.class);
  }

  private static Clock at(Instant time) {
    return Clock.fixed(time, ZoneOffset.UTC);
  }

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes.duplicate()).toString();
  }

  private Map<String, Long> amounts() {
    Map<String, Long> amounts = new TreeMap<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, amount FROM " + name)) {
      while (rows.next()) {
        amounts.put(rows.getString(1), rows.getLong(2));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return amounts;
  }

  private String first(String query) {
    return first(postgres, query);
  }

  private static String first(LocalPostgres server, String query) {
    List<String> found = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return found.get(0);
  }
}
