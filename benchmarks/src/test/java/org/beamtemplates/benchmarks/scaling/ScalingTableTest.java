package org.beamtemplates.benchmarks.scaling;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.beamtemplates.benchmarks.speed.Engines;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.Measured;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.benchmarks.speed.ThreadTimes;
import org.beamtemplates.benchmarks.speed.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalingTableTest {

  private final Plan plan = new Plan(false);
  private final Map<Trial, Outcome> outcomes = new LinkedHashMap<>();

  @Test
  void tellsTheCostOfEachParallelism() {
    outcomes.put(plan.parallel(Workload.W1, 2), outcome(1.234, 654_321, 3, 1));

    assertThat(text())
        .contains(
            "| W1 1-minute sum, count, max; 100 000 keys | 1 | – | – | – |",
            "| W1 1-minute sum, count, max; 100 000 keys | 2 | 654 000 | 1.23 | 3.00 |");
  }

  @Test
  void putsHeapAndRocksDbOfAsManyKeysInOneRow() {
    outcomes.put(plan.keys(Workload.W1, 10_000, State.HEAP), outcome(1, 1, 1, 1));
    outcomes.put(plan.keys(Workload.W1, 10_000, State.ROCKSDB), outcome(2, 1, 1, 1));
    outcomes.put(plan.keys(Workload.W6, 1_000_000, State.HEAP), outcome(3, 1, 1, 1));

    assertThat(text())
        .contains(
            "| 10 000 | 1.00 | 2.00 | 4.2 MB | 4.2 MB |", "| 1 000 000 | 3.00 | – | 4.2 MB | – |");
  }

  @Test
  void dividesTheRatesOfTwoSubtasksByThoseOfOne() {
    outcomes.put(plan.skew(Engines.FLINK, 0.5, 1), outcome(1, 400_000, 1, 0));
    outcomes.put(plan.skew(Engines.FLINK, 0.5, 2), outcome(1.5, 500_000, 3, 1));

    assertThat(text())
        .contains("| 50 % | native Flink | 1.00 | 1.50 | 400 000 | 500 000 | 1.25 | 75 % | 3.00 |");
  }

  @Test
  void hasNoTrialThatIsNotInATable() {
    List<Trial> trials =
        Arrays.stream(Part.values()).flatMap(part -> plan.trials(part).stream()).toList();
    trials.forEach(trial -> outcomes.put(trial, outcome(7.77, 1_000, 1, 1)));

    assertThat(text()).doesNotContain("–");
    assertThat(text().split("7\\.77", -1)).hasSize(trials.size() + 1);
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void hasAPlaceInThePage(Part part, @TempDir Path folder) throws IOException {
    Path docs = Path.of("").toAbsolutePath().getParent().resolve(ScalingBenchmark.DOCS);
    Path page = Files.copy(docs, folder.resolve("scaling.md"));

    part.place().write(page, "a table");

    assertThat(page).content().containsOnlyOnce("a table").contains("## What to set");
  }

  private String text() {
    ScalingTable table = new ScalingTable(plan, outcomes);
    return Arrays.stream(Part.values()).map(table::text).collect(joining("\n"));
  }

  private static Outcome outcome(double micros, double rate, int first, int second) {
    Map<String, Duration> times =
        Map.of("Sum (1/2)#0", Duration.ofSeconds(first), "Sum (2/2)#0", Duration.ofSeconds(second));
    return new Outcome(
        new Measured(
            micros, rate, Duration.ofSeconds(5), Latencies.Seen.NOTHING, new Tally.Count(1, 1, 1)),
        SubtaskLoad.of(new ThreadTimes(times), 1_000_000),
        OptionalLong.of(4_200_000));
  }
}
