package org.beamtemplates.pipelines.deadletterreplay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.OptionDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a user meets at the launch: options, their defaults, and every problem in one message. */
@ExtendWith(KafkaExtension.class)
class DeadLetterReplayLaunchTest {

  private final LocalKafka kafka;

  @TempDir Path folder;

  DeadLetterReplayLaunchTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @Test
  void saysWhatIsMissing() {
    Launched launched = launch();

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .hasSize(3)
        .anyMatch(line -> line.contains("--bootstrapServers") && line.contains("required"))
        .anyMatch(line -> line.contains("--deadLetterTopic") && line.contains("--deadLetters"))
        .anyMatch(line -> line.contains("--ledgerTopic") && line.contains("missing"));
  }

  @Test
  void tellsAllProblemsOfTheOptionsAndOfTheWorldAtOnce() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Launched launched =
        launch(
            "--bootstrapServers=127.0.0.1:1",
            "--deadLetterTopic=a",
            "--deadLetters=b.csv",
            "--parkingTopic=a",
            "--since=yesterday",
            "--until=2026-13-01T00:00:00Z",
            "--maxAttempts=0",
            "--backoff=5",
            "--repair=java.lang.String",
            "--backfill=" + file.resolve("late"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .anyMatch(line -> line.contains("--deadLetterTopic") && line.contains("exclude each other"))
        .anyMatch(line -> line.contains("--deadLetters") && line.contains(".avro"))
        .anyMatch(line -> line.contains("--parkingTopic") && line.contains("different"))
        .anyMatch(line -> line.contains("--since") && line.contains("\"yesterday\""))
        .anyMatch(line -> line.contains("--until") && line.contains("2026-01-31T08:00:00Z"))
        .anyMatch(line -> line.contains("--maxAttempts") && line.contains("1 to 1000"))
        .anyMatch(line -> line.contains("--backoff") && line.contains("no unit"))
        .anyMatch(line -> line.contains("--repair") && line.contains("does not implement"))
        .anyMatch(line -> line.contains("--backfill") && line.contains("cannot be written"))
        .anyMatch(line -> line.contains("--bootstrapServers") && line.contains("no answer"));
    assertThat(launched.err()).doesNotContain("\tat ").contains("10 problems");
  }

  @Test
  void tellsHowToCreateTheLedgerAndWhatElseIsNotThere() {
    String topic = "letters-" + UUID.randomUUID();
    kafka.createTopic(topic, 1);

    Launched launched =
        launch(
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--deadLetterTopic=" + topic,
            "--targetTopic=not-there",
            "--quarantineTopic=nowhere");

    assertThat(launched.problems())
        .hasSize(3)
        .anyMatch(line -> line.contains("--targetTopic") && line.contains("does not exist"))
        .anyMatch(line -> line.contains("--quarantineTopic") && line.contains("does not exist"))
        .anyMatch(line -> line.contains("--ledgerTopic") && line.contains("does not exist"));
    assertThat(launched.err())
        .contains(
            "kafka-topics --bootstrap-server "
                + kafka.bootstrapServers()
                + " --create --topic "
                + topic
                + ".replayed --partitions 4 --config cleanup.policy=compact");
  }

  @Test
  void refusesALedgerThatWouldForget() {
    String topic = "letters-" + UUID.randomUUID();
    kafka.createTopic(topic, 1);
    kafka.createTopic(topic + ".replayed", 1);

    Launched launched =
        launch("--bootstrapServers=" + kafka.bootstrapServers(), "--deadLetterTopic=" + topic);

    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--ledgerTopic", "cleanup.policy=delete", "forget");
  }

  @Test
  void refusesARepairThatCannotBeMade() {
    assertThat(launch("--repair=com.acme.Absent").err()).contains("not on the class path");
    assertThat(launch("--repair=" + Secretive.class.getName()).err())
        .contains("public constructor without arguments");
  }

  static final class Secretive implements RepairFn {

    private static final long serialVersionUID = 1L;

    private Secretive() {}

    @Override
    public Optional<ReplayRecord> repair(DeadLetter letter, ReplayRecord original) {
      return Optional.empty();
    }
  }

  @Test
  void keepsNamesAndDefaultsOfItsOptions() {
    List<String> options = new ArrayList<>();
    for (OptionDescription option : OptionDescription.of(DeadLetterReplayOptions.class)) {
      options.add(option.name() + " = " + option.defaultValue());
    }

    assertThat(options)
        .containsExactly(
            "deadLetterTopic = ",
            "deadLetters = ",
            "bootstrapServers = ",
            "categories = ",
            "stages = ",
            "pipelines = ",
            "errorClasses = ",
            "ids = ",
            "since = ",
            "until = ",
            "targetTopic = ",
            "ledgerTopic = ",
            "dryRun = false",
            "repair = ",
            "transactionSize = 500",
            "backoff = 1m",
            "maxAttempts = 5",
            "parkingTopic = ",
            "quarantineTopic = ",
            "backfill = ");
  }

  private static Launched launch(String... args) {
    return Launched.of(new DeadLetterReplay(), args);
  }
}
