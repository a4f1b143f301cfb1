package org.beamtemplates.pipelines.realtimeanalytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.PostgresExtension;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.OptionDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a user meets at the launch: options, their defaults, and every problem in one message. */
@ExtendWith({KafkaExtension.class, SchemaRegistryExtension.class, PostgresExtension.class})
class RealtimeAnalyticsLaunchTest {

  private static final String NOBODY = "127.0.0.1:1";

  private final LocalKafka kafka;
  private final LocalSchemaRegistry registry;
  private final LocalPostgres postgres;

  @TempDir Path folder;

  RealtimeAnalyticsLaunchTest(
      LocalKafka kafka, LocalSchemaRegistry registry, LocalPostgres postgres) {
    this.kafka = kafka;
    this.registry = registry;
    this.postgres = postgres;
  }

  @Test
  void runsFilesAndPrintsTheAccounting() {
    Launched launched =
        launch(
            "--runner=DirectRunner",
            "--input=" + Golden.inputIn(folder),
            "--output=" + folder.resolve("out"));

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out())
        .containsPattern("ingest +438 = +428 \\+ +10 \\+ +0 \\+ +0 \\+ +0")
        .containsPattern("deduplicate +428 = +420 \\+ +0 \\+ +0 \\+ +8 \\+ +0")
        .doesNotContain("DOES NOT ADD UP");
  }

  @Test
  void tellsAllProblemsOfTheOptionsAndOfTheWorldAtOnce() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Launched launched =
        launch(
            "--windowSize=banana",
            "--topPages=many",
            "--startFrom=yesterday",
            "--inputTopic=",
            "--inptu=x",
            "--registryUrl=http://" + NOBODY,
            "--bootstrapServers=" + NOBODY,
            "--deadLetterTopic=letters",
            "--output=" + file.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .anyMatch(line -> line.contains("--windowSize") && line.contains("\"banana\""))
        .anyMatch(line -> line.contains("--topPages") && line.contains("\"many\""))
        .anyMatch(line -> line.contains("--startFrom") && line.contains("\"yesterday\""))
        .anyMatch(line -> line.contains("--inputTopic") && line.contains("no value"))
        .anyMatch(line -> line.contains("--inptu") && line.contains("--input"))
        .anyMatch(line -> line.contains("--registryUrl"))
        .anyMatch(line -> line.contains("--bootstrapServers"))
        .anyMatch(line -> line.contains("--output") && line.contains("cannot be written"));
    assertThat(launched.err()).doesNotContain("\tat ").contains("8 problems");
  }

  @Test
  void namesTheTopicsThatDoNotExist() {
    String topic = "there-" + UUID.randomUUID();
    kafka.createTopic(topic, 1);

    Launched launched =
        launch(
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--registryUrl=" + registry.url(),
            "--inputTopic=" + topic,
            "--startFrom=earliest",
            "--outputTopic=not-there");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .hasSize(2)
        .anyMatch(line -> line.contains("--outputTopic") && line.contains("does not exist"))
        .anyMatch(line -> line.contains("--deadLetterTopic") && line.contains("does not exist"));
  }

  @Test
  void saysWhatIsMissing() {
    Launched launched = launch();

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .hasSize(2)
        .anyMatch(line -> line.contains("--input ") && line.contains("--inputTopic"))
        .anyMatch(
            line ->
                line.contains("--output ") && line.contains("--outputTopic or --outputJdbcUrl"));
  }

  @Test
  void refusesTwoSourcesAndTwoSinks() {
    Launched launched =
        launch("--input=a", "--inputTopic=b", "--output=" + folder, "--outputTopic=d");

    assertThat(launched.problems())
        .anyMatch(line -> line.contains("--input ") && line.contains("exclude each other"))
        .anyMatch(line -> line.contains("--output ") && line.contains("exclude each other"))
        .anyMatch(line -> line.contains("--bootstrapServers") && line.contains("missing"))
        .anyMatch(line -> line.contains("--startFrom") && line.contains("missing"))
        .anyMatch(line -> line.contains("--registryUrl") && line.contains("missing"));
  }

  @Test
  void refusesTopicsThatWouldFeedTheJobItsOwnOutput() {
    Launched launched =
        launch("--inputTopic=a", "--outputTopic=a", "--deadLetterTopic=a", "--startFrom=earliest");

    assertThat(launched.problems())
        .anyMatch(line -> line.contains("--outputTopic") && line.contains("different"))
        .anyMatch(line -> line.contains("--deadLetterTopic") && line.contains("different"));
  }

  @Test
  void refusesSecretsAndNamesThatADatabaseMustNotBeGiven() throws IOException {
    Launched launched =
        launch(
            "--input=" + Golden.inputIn(folder),
            "--outputJdbcUrl=jdbc:postgresql://localhost/db?password=hunter2",
            "--outputTable=Robert'; DROP TABLE",
            "--jdbcPassword=hunter2");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.err()).doesNotContain("hunter2");
    assertThat(launched.problems())
        .hasSize(4)
        .anyMatch(line -> line.contains("--outputJdbcUrl") && line.contains("a password"))
        .anyMatch(line -> line.contains("--outputTable") && line.contains("no legal name"))
        .anyMatch(line -> line.contains("--jdbcPassword") && line.contains("env:"))
        .anyMatch(line -> line.contains("--deadLetterTopic") && line.contains("missing"));
  }

  @Test
  void tellsHowToCreateTheTableAndRunsOnceItIsThere() throws IOException {
    String table = "launched_" + UUID.randomUUID().toString().replace('-', '_');
    String[] args = {
      "--runner=DirectRunner",
      "--input=" + Golden.inputIn(folder),
      "--outputJdbcUrl=" + postgres.jdbcUrl(),
      "--outputTable=" + table,
      "--jdbcUser=" + postgres.user(),
      "--deadLetterFolder=" + folder.resolve("letters")
    };

    Launched refused = launch(args);
    assertThat(refused.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(refused.problems())
        .singleElement()
        .asString()
        .contains("--outputTable", table, "does not exist");
    String ddl = PageStatisticsTable.named(table).createTable();
    assertThat(refused.err()).containsIgnoringWhitespaces(ddl);

    postgres.execute(ddl);
    Launched launched = launch(args);
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out()).containsPattern("deliver +34 = +34 ");
  }

  @Test
  void saysThatTheDatabaseDoesNotAnswer() throws IOException {
    Launched launched =
        launch(
            "--input=" + Golden.inputIn(folder),
            "--outputJdbcUrl=jdbc:postgresql://" + NOBODY + "/none",
            "--jdbcUser=nobody",
            "--deadLetterFolder=" + folder.resolve("letters"));

    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--outputJdbcUrl", NOBODY, "does not answer");
  }

  @Test
  void refusesExactlyOnceWhereNobodyCanKeepIt() {
    Launched toFiles =
        launch(
            "--runner=DirectRunner",
            "--input=" + Golden.inputIn(folder),
            "--output=" + folder.resolve("out"),
            "--outputGuarantee=EXACTLY_ONCE");
    Launched toTopic =
        launch(
            "--runner=DirectRunner",
            "--input=" + Golden.inputIn(folder),
            "--bootstrapServers=" + NOBODY,
            "--outputTopic=out",
            "--outputEncoding=JSON",
            "--deadLetterFolder=" + folder.resolve("dead"),
            "--outputGuarantee=EXACTLY_ONCE");

    assertThat(toFiles.problems())
        .singleElement()
        .asString()
        .contains("--outputGuarantee", "EXACTLY_ONCE, which is for --outputTopic only");
    assertThat(toTopic.problems())
        .anyMatch(line -> line.contains("cannot keep with these options; take --on flink"));
  }

  @Test
  void refusesAStreamOnARunnerThatNobodySpeaksFor() {
    String topic = "stream-" + UUID.randomUUID();
    kafka.createTopic(topic, 1);
    kafka.createTopic(topic + ".dead-letters", 1);

    // The module that speaks for the Direct runner is not on this class path.
    Launched launched =
        launch(
            "--runner=DirectRunner",
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--inputTopic=" + topic,
            "--inputEncoding=JSON",
            "--startFrom=earliest",
            "--output=" + folder.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--runner", "DirectRunner", "not known to read a stream");
  }

  @Test
  void keepsNamesAndDefaultsOfItsOptions() {
    List<String> options = new ArrayList<>();
    for (OptionDescription option : OptionDescription.of(RealtimeAnalyticsOptions.class)) {
      options.add(option.name() + " = " + option.defaultValue());
    }

    assertThat(options)
        .containsExactly(
            "input = ",
            "inputFormat = JSON_LINES",
            "inputTopic = ",
            "inputEncoding = AVRO",
            "startFrom = ",
            "groupId = realtime-analytics",
            "bootstrapServers = ",
            "registryUrl = ",
            "eventTime = PAYLOAD",
            "maxDelay = 5s",
            "windowSize = 1m",
            "earlyResultsEvery = 10s",
            "allowedLateness = 5m",
            "topPages = 10",
            "output = ",
            "outputFormat = JSON_LINES",
            "outputTopic = ",
            "outputEncoding = AVRO",
            "outputJdbcUrl = ",
            "outputTable = page_statistics",
            "jdbcUser = ",
            "jdbcPassword = ",
            "deadLetterTopic = ",
            "deadLetterFolder = ",
            "deadLetterRedact = ",
            "outputGuarantee = AT_LEAST_ONCE",
            "buckets = 128",
            "failFast = false",
            "maxDeadLetterRate = ",
            "deadLetterRateWindow = 1m",
            "deadLetterRateMinimum = 100");
  }

  private static Launched launch(String... args) {
    return Launched.of(new RealtimeAnalytics(), args);
  }
}
