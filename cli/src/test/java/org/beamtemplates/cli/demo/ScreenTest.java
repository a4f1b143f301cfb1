package org.beamtemplates.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.beamtemplates.cli.demo.Snapshot.DeadLetterCount;
import org.beamtemplates.cli.demo.Snapshot.Job;
import org.beamtemplates.cli.demo.Snapshot.Store;
import org.beamtemplates.transforms.demo.Sent;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private static final Sent SENT =
      new Sent(
          84_210,
          78_000,
          1_684,
          2_526,
          842,
          Map.of("not Avro", 842L),
          Map.of("DECODE", 842L, "LATE", 842L),
          Map.of());

  private static final Snapshot RUNNING =
      new Snapshot(
          "a-template-at-work on flink",
          "0:18 of traffic left",
          0.7,
          SENT,
          2_000.4,
          new Job(true, 83_900, 2_012.6, 838, 1_679, 840),
          Duration.ofMillis(3_100),
          new Store(
              List.of("window", "category", "country", "events"),
              List.of(
                  List.of("18:34", "books", "DE", "1204"), List.of("18:34", "shoes", "US", "87")),
              Map.of("a", 70_000L, "b", 6_111L)),
          new TreeMap<>(
              Map.of(
                  "DECODE",
                  new DeadLetterCount(838, "page-events-1@2313", "no magic byte", "{\"user\": …"),
                  "LATE",
                  new DeadLetterCount(
                      840,
                      "page-events-0@77",
                      "its window ended 26 min before the watermark",
                      ""))),
          List.of("Kafka 127.0.0.1:2301", "psql postgresql://postgres@127.0.0.1:2302/postgres"));

  @Test
  void aScreenOf80By24() {
    assertThat(String.join("\n", Screen.render(RUNNING, 80, 24, false)))
        .isEqualTo(
            """
            a-template-at-work on flink           0:18 of traffic left  ━━━━━━━━━━━━━━──────
            ┌─ Kafka ──────────────┐    ┌─ Pipeline ───────────┐    ┌─ PostgreSQL ─────────┐
            │ sent          84,210 │ ─▶ │ read          83,900 │ ─▶ │ final results      2 │
            │ a second       2,000 │    │ a second       2,013 │    │ their events  76,111 │
            │ broken           842 │    │ dead letters     838 │    ├─ Dead letters ───────┤
            │ duplicate      1,684 │    │ duplicates     1,679 │    │ DECODE           838 │
            │ too late         842 │    │ too late         840 │    │ LATE             840 │
            │ late, in time  2,526 │    │ behind     310 = 3 s │    │                      │
            └──────────────────────┘    └──────────────────────┘    └──────────────────────┘

            window  category  country  events
            18:34   books     DE         1204
            18:34   shoes     US           87





            Dead letters, one of each kind
            DECODE   page-events-1@2313  no magic byte  {"user": …
            LATE     page-events-0@77  its window ended 26 min before the watermark

            Kafka 127.0.0.1:2301
            psql postgresql://postgres@127.0.0.1:2302/postgres""");
  }

  @Test
  void nothingIsWiderOrHigherThanTheTerminal() {
    for (int width : new int[] {20, 79, 80, 81, 100, 120, 200}) {
      for (int height : new int[] {5, 20, 24, 50}) {
        List<String> lines = Screen.render(RUNNING, width, height, false);
        assertThat(lines).hasSizeLessThanOrEqualTo(height);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
      }
    }
  }

  @Test
  void coloursChangeNothingButColours() {
    List<String> plain = Screen.render(RUNNING, 90, 30, false);
    List<String> painted = Screen.render(RUNNING, 90, 30, true);

    assertThat(painted.toString()).contains((char) 27 + "[");
    assertThat(
            painted.stream()
                .map(line -> line.replaceAll((char) 27 + "\\[\\d*m", "").stripTrailing())
                .toList())
        .isEqualTo(plain);
  }

  @Test
  void beforeTheJobHasCountedAnythingThereIsNothingToShowOfIt() {
    Snapshot starting =
        new Snapshot(
            "a-template-at-work on flink",
            "0:58 of traffic left",
            0.03,
            SENT,
            2_000,
            Job.STARTING,
            Duration.ZERO,
            Store.EMPTY,
            new TreeMap<>(),
            List.of("Kafka 127.0.0.1:2301"));

    assertThat(Screen.render(starting, 80, 24, false))
        .anyMatch(line -> line.contains("│ the job is starting  │"))
        .contains("No result yet: the first window has not ended.", "No dead letters yet.")
        .noneMatch(line -> line.contains("behind"));
  }

  @Test
  void aLineForALog() {
    assertThat(PlainLine.of(RUNNING, Duration.ofSeconds(42)))
        .isEqualTo(
            " 0:42  sent 84,210 (2,000/s)  read 83,900 (2,013/s)  behind 310, 3 s of event time"
                + "  final results 2  dead letters 1,678");
  }
}
