package org.beamtemplates.cli.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.beamtemplates.transforms.launch.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayPlanTest {

  @TempDir private Path folder;

  @Test
  void aTopicHasItsLedgerBesideIt() {
    ReplayPlan plan =
        ReplayPlan.of(
            new TopicSource("b:1", "letters"),
            "b:1",
            List.of("--categories=DECODE"),
            List.of(),
            List.of("--dryRun", "--backoff=0s"));

    assertThat(plan.options())
        .containsExactly(
            "--bootstrapServers=b:1",
            "--deadLetterTopic=letters",
            "--ledgerTopic=letters.replayed",
            "--categories=DECODE",
            "--dryRun",
            "--backoff=0s");
    assertThat(plan.ledger()).isEqualTo("letters.replayed");
    assertThat(plan.isDryRun()).isTrue();
  }

  @Test
  void theLedgerThatTheUserNamesIsTaken() {
    ReplayPlan plan =
        ReplayPlan.of(
            new TopicSource("b:1", "letters"),
            "b:1",
            List.of(),
            List.of(),
            List.of("--ledgerTopic=mine", "--dryRun=false"));

    assertThat(plan.ledger()).isEqualTo("mine");
    assertThat(plan.isDryRun()).isFalse();
    assertThat(plan.options()).containsOnlyOnce("--ledgerTopic=mine");
  }

  @Test
  void filesAreOnePatternAndIdsAreWhole() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("dead-letters"));
    Path a = Samples.write(inner.resolve("a.avro"), List.of(Samples.undecodable("aa01", 1)));

    assertThat(options(folder, List.of("aa")))
        .contains("--deadLetters=" + a, "--ledgerTopic=dead-letters.replayed", "--ids=aa01");

    Samples.write(inner.resolve("b.avro"), List.of(Samples.undecodable("aa02", 1)));
    assertThat(options(folder, List.of())).contains("--deadLetters=" + inner.resolve("*.avro"));
    assertThatThrownBy(() -> options(folder, List.of("aa")))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("Several dead letters");
  }

  @Test
  void whatTheTemplateCannotReadIsRefused() throws IOException {
    Samples.write(folder.resolve("a.avro"), List.of(Samples.undecodable("aa01", 1)));
    Path other = Files.createDirectories(folder.resolve("other"));
    Samples.write(other.resolve("b.avro"), List.of(Samples.undecodable("aa02", 1)));
    assertThatThrownBy(() -> options(folder, List.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("name one of them");

    Files.writeString(other.resolve("x.jsonl"), "");
    assertThatThrownBy(() -> options(other, List.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(".avro and .jsonl files");
  }

  @Test
  void linesOfJsonAreReadAsWell() throws IOException {
    Path lines = Files.writeString(folder.resolve("x.jsonl"), "");

    assertThat(options(lines, List.of())).contains("--deadLetters=" + lines);
  }

  @Test
  void wordsAreOptionsOfTheJobOrThePlace() {
    List<String> words = List.of("--targetTopic=x", "kept", "@my.options");

    assertThat(ReplayPlan.optionsOf(words)).containsExactly("--targetTopic=x", "@my.options");
    assertThat(ReplayPlan.placesOf(words)).containsExactly("kept");
  }

  @Test
  void progressIsWhatTheStageHasCounted() {
    JobStatus.Stage stage = new JobStatus.Stage("replay", 1_500, 1_200, 0, 300, 0, 0);

    assertThat(ReplayProcess.line(new JobStatus(JobStatus.State.RUNNING, 1, List.of(stage))))
        .isEqualTo("  1,500 dead letters read, 1,200 sent");
    assertThat(ReplayProcess.line(new JobStatus(JobStatus.State.RUNNING, 1, List.of()))).isEmpty();
  }

  private static List<String> options(Path where, List<String> ids) {
    return ReplayPlan.of(FileSource.of(where), "b:1", List.of(), ids, List.of()).options();
  }
}
