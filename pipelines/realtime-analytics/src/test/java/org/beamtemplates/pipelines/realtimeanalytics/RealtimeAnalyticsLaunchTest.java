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
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.OptionDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a user meets at the launch: options, their defaults, and every problem in one message. */
@ExtendWith({KafkaExtension.class, SchemaRegistryExtension.class})
class RealtimeAnalyticsLaunchTest {

  private static final String NOBODY = "127.0.0.1:1";

  private final LocalKafka kafka;
  private final LocalSchemaRegistry registry;

  @TempDir Path folder;

  RealtimeAnalyticsLaunchTest(LocalKafka kafka, LocalSchemaRegistry registry) {
    this.kafka = kafka;
    this.registry = registry;
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
        .anyMatch(line -> line.contains("--output ") && line.contains("--outputTopic"));
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
            "deadLetterTopic = ",
            "deadLetterFolder = ");
  }

  private static Launched launch(String... args) {
    return Launched.of(new RealtimeAnalytics(), args);
  }
}
