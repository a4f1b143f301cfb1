package org.beamtemplates.transforms.deliver.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.PostgresExtension;
import org.beamtemplates.testing.CapturedLog;
import org.beamtemplates.transforms.deadletter.DeadLetterPayload;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.retry.Patience;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters in a real table. */
@ExtendWith(PostgresExtension.class)
class JdbcDeadLettersTest {

  private static final long NOON = 1_772_366_400_000L;

  private final LocalPostgres postgres;
  private final String name = "dead_" + UUID.randomUUID().toString().replace('-', '_');

  @TempDir private Path folder;

  JdbcDeadLettersTest(LocalPostgres postgres) {
    this.postgres = postgres;
  }

  @BeforeEach
  void createTable() {
    postgres.execute(JdbcDeadLetters.table(name).createTable());
  }

  @Test
  void writesWhatPeopleAskForIntoColumns() {
    DeadLetter letter = letter("a");
    letter.setSource("orders");
    letter.setSourceType("KAFKA");
    letter.setPartition(3);
    letter.setOffset(17L);
    letter.setEventTimeMs(NOON);
    letter.setKey(ByteBuffer.wrap(new byte[] {0, 1}));
    letter.setHeaders(
        List.of(new RecordHeader("h", UTF_8.encode("hi")), new RecordHeader("none", null)));
    letter.setPayload(ByteBuffer.wrap(new byte[] {9, 0, -1, 9}, 1, 2).slice());
    letter.setPreviousId("before");
    letter.setRedacted(List.of("user.\"mail\""));

    write(sink(), letter);

    assertThat(
            rows(
                "SELECT id, category, pipeline, stage, source, partition, \"offset\","
                    + " extract(epoch FROM event_time)::bigint, attempts, error_class,"
                    + " error_message, replayable, encode(key, 'hex'),"
                    + " headers->0->>'name', headers->0->>'value', headers->1->>'value',"
                    + " encode(payload, 'hex'), previous_id, redacted->>0, watermark,"
                    + " extract(epoch FROM first_failure)::bigint FROM %s"))
        .containsExactly(
            "a|DECODE|shop|decode|orders|3|17|1772366400|1|x.Broken|no|t|0001|h|aGk=|null|00ff"
                + "|before|user.\"mail\"|null|1772366400");
  }

  @Test
  void changesNothingWhenTheSameIsWrittenAgain() {
    write(sink(), letter("a"), letter("b"));
    postgres.execute("UPDATE " + name + " SET error_message = 'looked at' WHERE id = 'a'");
    DeadLetter again = letter("a");
    again.setLastFailureMs(NOON + 1);

    write(sink(), again, again, letter("b"), letter("c"));

    assertThat(rows("SELECT id, error_message FROM %s ORDER BY id"))
        .containsExactly("a|looked at", "b|no", "c|no");
  }

  @Test
  void writesWhatNoDatabaseCanHoldAsNearlyAsItCan() {
    DeadLetter letter = letter("a");
    letter.setErrorMessage("nul \u0000 half \ud83d whole \ud83d\ude00");
    letter.setSource("\u0000");
    letter.setHeaders(List.of(new RecordHeader("\u0000\ud83d", null)));
    letter.setRedacted(List.of("\u0000"));
    letter.setEventTimeMs(Long.MIN_VALUE);
    letter.setWindowEndMs(Long.MAX_VALUE);

    write(sink(), letter);

    assertThat(
            rows(
                "SELECT error_message, source, headers->0->>'name', redacted->>0, event_time,"
                    + " window_end FROM %s"))
        .containsExactly("nul \ufffd half ? whole \ud83d\ude00|\ufffd|\ufffd?|\ufffd|null|null");
  }

  @Test
  void movesALargePayloadIntoAFile() throws IOException {
    DeadLetter letter = letter("a");
    letter.setPayload(ByteBuffer.wrap(new byte[1_001]));
    letter.setPayloadSize(1_001);
    DeadLetter small = letter("b");
    small.setPayload(ByteBuffer.wrap(new byte[1_000]));

    write(sink().withMaxPayloadBytes(1_000).withOverflowTo(folder.toString()), letter, small);

    String file = folder.resolve("a.bin").toString();
    assertThat(rows("SELECT id, length(payload), payload_reference, replayable FROM %s ORDER BY 1"))
        .containsExactly("a|null|" + file + "|t", "b|1000|null|t");
    letter.setPayload(null);
    letter.setPayloadReference(file);
    assertThat(DeadLetterPayload.of(letter)).contains(new byte[1_001]);
  }

  @Test
  void saysThatALargePayloadIsLostIfThereIsNoPlaceForIt() {
    DeadLetter letter = letter("a");
    letter.setPayload(ByteBuffer.wrap(new byte[1_001]));
    letter.setPayloadSize(1_001);

    write(sink().withMaxPayloadBytes(1_000), letter);

    assertThat(rows("SELECT payload, payload_size, payload_reference, replayable FROM %s"))
        .containsExactly("null|1001|null|f");
  }

  @Test
  void writesMoreThanABatchOfLargePayloads() {
    DeadLetter[] letters =
        IntStream.range(0, 12)
            .mapToObj(
                i -> {
                  DeadLetter letter = letter("l" + i);
                  letter.setPayload(ByteBuffer.wrap(new byte[3_000_000]));
                  return letter;
                })
            .toArray(DeadLetter[]::new);

    write(sink(), letters);

    assertThat(rows("SELECT count(*), sum(length(payload)) FROM %s"))
        .containsExactly("12|36000000");
  }

  @Test
  void takesThePayloadOfOneThatIsRefusedAndWritesAllOthers() {
    postgres.execute("ALTER TABLE " + name + " ADD CHECK (length(payload) < 100)");
    DeadLetter[] letters =
        IntStream.range(0, 1_200).mapToObj(i -> letter("l" + i)).toArray(DeadLetter[]::new);
    letters[700].setPayload(ByteBuffer.wrap(new byte[100]));
    letters[700].setPayloadSize(100);

    write(sink().withOverflowTo(folder.toString()), letters);

    assertThat(rows("SELECT count(*) FROM %s")).containsExactly("1200");
    assertThat(rows("SELECT id, replayable FROM %s WHERE payload_reference IS NOT NULL"))
        .containsExactly("l700|f");
    assertThat(Files.exists(folder.resolve("l700.bin"))).isTrue();
  }

  @Test
  void tellsTheLogOfOneThatIsRefusedInAnyShape() {
    postgres.execute("ALTER TABLE " + name + " ADD CHECK (id <> 'bad')");
    DeadLetter bad = letter("bad");
    bad.setPayload(UTF_8.encode("secret"));

    List<String> errors = errorsOf(() -> write(sink(), letter("a"), bad, letter("b")));

    assertThat(rows("SELECT id FROM %s ORDER BY id")).containsExactly("a", "b");
    assertThat(errors)
        .singleElement()
        .asString()
        .contains("DECODE bad in decode", "is refused by table " + name, "x.Broken: no")
        .doesNotContain("secret");
  }

  @Test
  void waitsForADatabaseThatIsAway() throws Exception {
    try (LocalPostgres own = LocalPostgres.start();
        CapturedLog log = CapturedLog.of(Patience.class)) {
      own.execute(JdbcDeadLetters.table(name).createTable());
      own.gate().cut();
      JdbcConnection gated = JdbcConnection.to(own.gatedJdbcUrl()).as(own.user());
      CompletableFuture<Void> job =
          CompletableFuture.runAsync(() -> write(JdbcDeadLetters.to(gated, name), letter("a")));
      await().until(() -> !log.lines().isEmpty());
      await().during(Duration.ofSeconds(1)).until(() -> !job.isDone());

      own.gate().restore();

      job.get();
      assertThat(rows(own, "SELECT id FROM %s")).containsExactly("a");
    }
  }

  @Test
  void saysHowToCreateATableThatIsNotThere() {
    postgres.execute("DROP TABLE " + name);

    assertThatThrownBy(() -> write(sink(), letter("a")))
        .hasMessageContaining("CREATE TABLE \"" + name + "\"")
        .hasMessageContaining("\"payload\" bytea");
  }

  @Test
  void isFoundRightByTheCheckBeforeALaunch() {
    JdbcTable<DeadLetter> table = JdbcDeadLetters.table(name);
    Duration timeout = Duration.ofSeconds(5);

    assertThat(JdbcCheck.of(connection(), table, timeout).tableProblem()).isEmpty();

    postgres.execute("ALTER TABLE " + name + " ALTER payload TYPE text");
    assertThat(JdbcCheck.of(connection(), table, timeout).tableProblem())
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("column payload is text and not bytea"));
  }

  @Test
  void refusesNamesAndSizesThatCannotBe() {
    assertThatThrownBy(() -> JdbcDeadLetters.to(connection(), "dead; DROP TABLE x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no legal name of a table");
    assertThatThrownBy(() -> sink().withMaxPayloadBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not -1");
  }

  private JdbcDeadLetters sink() {
    return JdbcDeadLetters.to(connection(), name);
  }

  private JdbcConnection connection() {
    return JdbcConnection.to(postgres.jdbcUrl()).as(postgres.user());
  }

  private static void write(JdbcDeadLetters sink, DeadLetter... letters) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", sink)) {
      deadLetters.add(
          "decode",
          pipeline.apply(
              Create.of(Arrays.asList(letters)).withCoder(AvroCoder.of(DeadLetter.class))));
    }
    pipeline.run();
  }

  private static DeadLetter letter(String id) {
    return DeadLetter.newBuilder()
        .setId(id)
        .setCategory("DECODE")
        .setPipeline("shop")
        .setStage("decode")
        .setFirstFailureMs(NOON)
        .setLastFailureMs(NOON)
        .setErrorClass("x.Broken")
        .setErrorMessage("no")
        .build();
  }

  private static List<String> errorsOf(Runnable job) {
    List<String> lines = new ArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    Logger logger = (Logger) LogManager.getLogger("org.beamtemplates.deadletters");
    logger.addAppender(appender);
    try {
      job.run();
    } finally {
      logger.removeAppender(appender);
    }
    return lines;
  }

  private List<String> rows(String query) {
    return rows(postgres, query);
  }

  private List<String> rows(LocalPostgres server, String query) {
    List<String> lines = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query.formatted(name))) {
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          values.add(String.valueOf(rows.getString(column)));
        }
        lines.add(String.join("|", values));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return lines;
  }
}
