package org.beamtemplates.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.benchmarks.speed.GeneratedPart.SPEED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.beamtemplates.benchmarks.speed.Job.Source;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeedTableTest {

  private static final Cell W1 = new Cell(Workload.W1, Source.MEMORY, State.HEAP);
  private static final Cell W2 = new Cell(Workload.W2, Source.MEMORY, State.HEAP);

  private final Results results = new Results();

  @Test
  void dividesThePeersCostByOursInEachRound() {
    add(W1, Engines.BEAM, 1.0, 2.0, 4.0);
    add(W1, Engines.FLINK, 2.0, 2.0, 6.0);

    String text = new SpeedTable(results).text();

    assertThat(text)
        .contains(
            "### From memory, state on the heap",
            "| 2.00 (1.00–4.00) | 2.00 (2.00–6.00) | **1.50 (1.00–2.00)** |",
            "| native Flink, from memory | **1.50** (1.2) | not measured (1.5) |");
  }

  @Test
  void marksGoalsThatAreReachedOnly() {
    add(W1, Engines.BEAM, 1.0);
    add(W1, Engines.FLINK, 1.19);
    add(W2, Engines.BEAM, 1.0);
    add(W2, Engines.FLINK, 1.5);

    assertThat(new SpeedTable(results).text()).contains("| 1.19 (1.2) | **1.50** (1.5) |");
  }

  @Test
  void leavesBlankWhatAnEngineDidNotDo() {
    add(W1, Engines.BEAM, 1.0);
    add(W2, Engines.BEAM, 1.0);
    add(W2, Engines.PLAIN, 0.5);

    assertThat(new SpeedTable(results).text()).contains("| – | 1.00 | – |", "| 0.50 | 1.00 |");
  }

  @Test
  void tellsHowLongResultsTook() {
    add(W1, Engines.BEAM, 1.0);

    assertThat(new SpeedTable(results).text())
        .contains("| beam-templates on Flink | 1000.0 | 12.5 | 40.0 | 5.0 |");
  }

  @Test
  void drawsABarForEachEngineOfACell() {
    add(W1, Engines.BEAM, 1.0);
    add(W1, Engines.FLINK, 2.0);

    assertThat(new SpeedChart(results).svg())
        .startsWith("<svg")
        .contains(">1.00</text>", ">2.00</text>", "W1 from memory, state on the heap");
  }

  @Test
  void writesOnlyItsPartOfAPage(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(page, "before\n" + SPEED.begin() + "\nold\n" + SPEED.end() + "\nafter\n");

    SPEED.write(page, "new\n");

    assertThat(page)
        .hasContent("before\n" + SPEED.begin() + "\n\nnew\n\n" + SPEED.end() + "\nafter\n");
  }

  @Test
  void refusesAPageWithoutItsPart(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(page, "nothing\n");

    assertThatThrownBy(() -> SPEED.write(page, "new"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("to write between");
  }

  @Test
  void refusesResultsThatAreNotThoseOfTheLoop() {
    Expected expected = new Expected(10, 2, 77);

    assertThat(expected.isReached(new Tally.Count(10, 2, 78))).isTrue();
    assertThatThrownBy(() -> expected.require("an engine", new Tally.Count(10, 2, 78)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("an engine found something else");
  }

  private void add(Cell cell, Engines engine, double... micros) {
    for (double cost : micros) {
      results.add(
          cell,
          engine,
          new Measured(
              cost,
              1_000_000,
              Duration.ofSeconds(5),
              Latencies.Seen.parse("12500 40000 7"),
              new Tally.Count(1, 1, 1)));
    }
  }
}
