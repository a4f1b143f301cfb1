package org.beamtemplates.benchmarks.speed;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Results as tables in Markdown. */
final class SpeedTable {

  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Results results;

  SpeedTable(Results results) {
    this.results = results;
  }

  /** Returns one table a place, each with costs and ratios; then goals, and what else was seen. */
  String text() {
    List<String> parts = new ArrayList<>();
    for (String place : results.cells().stream().map(Cell::place).distinct().toList()) {
      parts.add("### " + capitalized(place) + "\n\n" + costs(place));
    }
    parts.add("### Goals\n\n" + goals());
    parts.add("### Rate, latency under full load, and warm-up\n\n" + rates());
    return String.join("\n", parts);
  }

  private String costs(String place) {
    List<Cell> cells = results.cells().stream().filter(cell -> cell.place().equals(place)).toList();
    List<Engines> engines =
        Arrays.stream(Engines.values())
            .filter(engine -> cells.stream().anyMatch(cell -> cost(cell, engine).isPresent()))
            .toList();
    List<Engines> peers = engines.stream().filter(engine -> engine != Engines.BEAM).toList();
    StringBuilder table = new StringBuilder();
    row(
        table,
        "µs of CPU a record",
        engines.stream().map(Engines::title).collect(joining(" | ")),
        peers.stream().map(peer -> peer.title() + " ÷ ours").collect(joining(" | ")));
    table.append("|---".repeat(1 + engines.size() + peers.size())).append("|\n");
    for (Cell cell : cells) {
      row(
          table,
          cell.workload() + " " + cell.workload().title(),
          engines.stream().map(engine -> text(cost(cell, engine))).collect(joining(" | ")),
          peers.stream().map(peer -> bold(results.ratio(cell, peer))).collect(joining(" | ")));
    }
    return table.toString();
  }

  private Optional<Spread> cost(Cell cell, Engines engine) {
    return results.of(cell, engine, Measured::microsPerRecord);
  }

  private String goals() {
    StringBuilder table = new StringBuilder();
    row(
        table,
        "reached (goal)",
        Arrays.stream(Workload.values()).map(Enum::name).collect(joining(" | ")));
    table.append("|---".repeat(1 + Workload.values().length)).append("|\n");
    for (Goal goal : Goal.ALL) {
      row(
          table,
          goal.title(),
          Arrays.stream(Workload.values())
              .map(workload -> reached(goal, workload))
              .collect(joining(" | ")));
    }
    return table.toString();
  }

  /** Returns, say, {@code 1.34 (1.2)}; in bold if the goal is reached. */
  private String reached(Goal goal, Workload workload) {
    Optional<Double> ratio = results.ratio(goal.cell(workload), goal.peer()).map(Spread::median);
    Function<Double, String> seen = value -> String.format(Locale.ROOT, "%.2f", value);
    if (goal.of(workload).isEmpty()) {
      return ratio.map(seen).orElse("–");
    }
    double least = goal.of(workload).get();
    return ratio
        .map(value -> value >= least ? "**" + seen.apply(value) + "**" : seen.apply(value))
        .orElse("not measured")
        .concat(String.format(Locale.ROOT, " (%.1f)", least));
  }

  private String rates() {
    StringBuilder table = new StringBuilder();
    row(
        table,
        "cell",
        "engine",
        "1 000 records/s",
        "ms to a result: p50",
        "p99",
        "s to the first result");
    table.append("|---|---|---|---|---|---|\n");
    for (Cell cell : results.cells()) {
      for (Engines engine : Engines.values()) {
        if (cost(cell, engine).isPresent()) {
          row(
              table,
              cell.workload() + " " + cell.place(),
              engine.title(),
              figure(cell, engine, measured -> measured.recordsPerSecond() / 1_000),
              latency(cell, engine, Latencies.Seen::median),
              latency(cell, engine, Latencies.Seen::most),
              figure(cell, engine, measured -> measured.firstResult().toMillis() / 1_000.0));
        }
      }
    }
    return table.toString();
  }

  private String latency(Cell cell, Engines engine, Function<Latencies.Seen, Duration> which) {
    boolean wasSeen =
        results
            .of(cell, engine, measured -> measured.latencies().count())
            .filter(count -> count.median() > 0)
            .isPresent();
    return wasSeen
        ? figure(
            cell,
            engine,
            measured -> which.apply(measured.latencies()).toNanos() / (double) NANOS_PER_MILLI)
        : "–";
  }

  private String figure(Cell cell, Engines engine, ToDoubleFunction<Measured> figure) {
    return results
        .of(cell, engine, figure)
        .map(spread -> String.format(Locale.ROOT, "%.1f", spread.median()))
        .orElse("–");
  }

  private static String text(Optional<Spread> spread) {
    return spread.map(Spread::toString).orElse("–");
  }

  private static String bold(Optional<Spread> ratio) {
    return ratio.map(spread -> "**" + spread + "**").orElse("–");
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static void row(StringBuilder table, String... columns) {
    String line =
        Arrays.stream(columns)
            .filter(column -> !column.isEmpty())
            .collect(joining(" | ", "| ", " |\n"));
    table.append(line);
  }
}
