package org.beamtemplates.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.beamtemplates.transforms.demo.Sent;
import org.beamtemplates.transforms.launch.JobStatus.Stage;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final Sent SENT =
      new Sent(
          1_000,
          930,
          20,
          30,
          10,
          Map.of("not Avro", 6L, "year 2100", 4L),
          Map.of("DECODE", 6L, "VALIDATE", 4L, "LATE", 10L),
          Map.of("a", 900L, "b", 60L));

  private static final List<Stage> STAGES =
      List.of(
          new Stage("ingest", 1_000, 990, 10, 0, 0, 0),
          new Stage("deduplicate", 990, 970, 0, 0, 20, 0),
          new Stage("aggregate", 970, 960, 0, 0, 0, 10));

  private static final Map<String, Long> LETTERS =
      Map.of("DECODE", 6L, "VALIDATE", 4L, "LATE", 10L);
  private static final Map<String, Long> STORED = Map.of("a", 900L, "b", 60L);

  @Test
  void everythingAddsUp() {
    Verdict verdict = verdict(STAGES, LETTERS, STORED);

    assertThat(verdict.addsUp()).isTrue();
    assertThat(verdict.report())
        .doesNotContain("DIFFERS")
        .contains(
            "sent 1,000 = good 930 + late in time 30 + duplicate 20 + too late 10 + broken 10",
            "broken: not Avro 6, year 2100 4")
        .endsWith(
            "Everything adds up: 1,000 sent = 960 counted in 2 results + 20 dead letters + 20"
                + " duplicates.\n");
  }

  @Test
  void aRecordThatWasNotReadDiffers() {
    assertDiffers(
        verdict(
            List.of(new Stage("ingest", 999, 989, 10, 0, 0, 0), STAGES.get(1), STAGES.get(2)),
            LETTERS,
            STORED),
        "records read by the job");
  }

  @Test
  void aStageThatLosesRecordsDiffers() {
    assertDiffers(
        verdict(
            List.of(STAGES.get(0), STAGES.get(1), new Stage("aggregate", 970, 959, 0, 0, 0, 10)),
            LETTERS,
            STORED),
        "aggregate");
  }

  @Test
  void duplicatesAndLateRecordsAreCompared() {
    assertDiffers(
        verdict(
            List.of(STAGES.get(0), new Stage("deduplicate", 990, 971, 0, 0, 19, 0), STAGES.get(2)),
            LETTERS,
            STORED),
        "duplicates");
    assertDiffers(
        verdict(
            List.of(STAGES.get(0), STAGES.get(1), new Stage("aggregate", 970, 961, 0, 0, 0, 9)),
            LETTERS,
            STORED),
        "too late");
  }

  @Test
  void eachCategoryOfDeadLettersIsCompared() {
    assertDiffers(
        verdict(STAGES, Map.of("DECODE", 6L, "VALIDATE", 5L, "LATE", 10L), STORED), "VALIDATE");
    assertDiffers(verdict(STAGES, Map.of("DECODE", 6L, "VALIDATE", 4L), STORED), "LATE");
    assertDiffers(
        verdict(STAGES, Map.of("DECODE", 6L, "VALIDATE", 4L, "LATE", 10L, "DELIVER", 1L), STORED),
        "DELIVER");
  }

  @Test
  void resultsAreComparedOneByOne() {
    Verdict swapped = verdict(STAGES, LETTERS, Map.of("a", 60L, "b", 900L));

    assertDiffers(swapped, "results that are equal");
    assertThat(swapped.report()).contains("a: 900 events expected, 60 found");
    assertThat(verdict(STAGES, LETTERS, Map.of("a", 900L)).report())
        .contains("b: 60 events expected, none found");
    assertThat(verdict(STAGES, LETTERS, Map.of("a", 900L, "b", 60L, "c", 1L)).report())
        .contains("c: no events expected, 1 found");
    assertThat(verdict(STAGES, LETTERS, Map.of("a", 900L, "b", 60L, "c", 1L)).addsUp()).isFalse();
  }

  @Test
  void aJobThatTellsNothingProvesNothing() {
    assertThat(verdict(List.of(), LETTERS, STORED).addsUp()).isFalse();
  }

  @Test
  void recordsOfSomebodyElseAreCountedOutWhereThatIsPossible() {
    Evidence evidence =
        new Evidence(
            "page-events",
            "page-events.dead-letters",
            SENT,
            3,
            List.of(
                new Stage("ingest", 1_003, 991, 12, 0, 0, 0),
                new Stage("deduplicate", 991, 971, 0, 0, 20, 0),
                new Stage("aggregate", 971, 960, 0, 0, 0, 11)),
            LETTERS,
            Map.of("DECODE", 2L, "LATE", 1L),
            STORED);

    Verdict verdict = Verdict.of(evidence);

    assertThat(verdict.addsUp()).isTrue();
    assertThat(verdict.report())
        .contains("3 records in page-events were not written by the generator")
        .contains("their 3 dead letters");
  }

  private static Verdict verdict(
      List<Stage> stages, Map<String, Long> letters, Map<String, Long> stored) {
    return Verdict.of(
        new Evidence(
            "page-events", "page-events.dead-letters", SENT, 0, stages, letters, Map.of(), stored));
  }

  private static void assertDiffers(Verdict verdict, String line) {
    assertThat(verdict.addsUp()).isFalse();
    assertThat(verdict.report().lines().filter(text -> text.endsWith("DIFFERS")))
        .anyMatch(text -> text.startsWith(line));
    assertThat(verdict.report()).contains("It does not add up: ");
  }
}
