package org.beamtemplates.benchmarks.scaling;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.beamtemplates.benchmarks.speed.Engines;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.beamtemplates.benchmarks.speed.Workload;

/** What was seen, as tables in Markdown; a trial that failed has a dash. */
final class ScalingTable {

  private static final String NONE = "–";

  private final Plan plan;
  private final Map<Trial, Outcome> outcomes;

  ScalingTable(Plan plan, Map<Trial, Outcome> outcomes) {
    this.plan = plan;
    this.outcomes = outcomes;
  }

  /** Returns the table of a part. */
  String text(Part part) {
    return switch (part) {
      case PARALLELISM -> parallelism();
      case KEYS -> keys(Workload.W1);
      case STATE -> keys(Workload.W6);
      case SKEW -> skew();
    };
  }

  private String parallelism() {
    StringBuilder table = new StringBuilder();
    row(
        table,
        "job",
        "parallelism",
        "records/s",
        "µs of CPU a record",
        "µs a record in the busiest thread");
    table.append("|---".repeat(5)).append("|\n");
    for (Workload workload : plan.parallelWorkloads()) {
      for (int parallelism : plan.parallelisms()) {
        Trial trial = plan.parallel(workload, parallelism);
        row(
            table,
            workload + " " + workload.title(),
            Integer.toString(parallelism),
            rate(trial),
            micros(trial),
            busiest(trial));
      }
    }
    return table.toString();
  }

  private String keys(Workload workload) {
    StringBuilder table = new StringBuilder();
    row(
        table,
        "keys",
        "µs of CPU a record, heap",
        "µs, RocksDB",
        "largest checkpoint, heap",
        "checkpoint, RocksDB");
    table.append("|---".repeat(5)).append("|\n");
    for (int cards : plan.cards(workload)) {
      Trial heap = plan.keys(workload, cards, State.HEAP);
      Trial rocksDb = plan.keys(workload, cards, State.ROCKSDB);
      row(
          table,
          String.format(Locale.ROOT, "%,d", cards).replace(',', ' '),
          micros(heap),
          micros(rocksDb),
          checkpoint(heap),
          checkpoint(rocksDb));
    }
    return table.toString();
  }

  private String skew() {
    StringBuilder table = new StringBuilder();
    row(
        table,
        "the hot key has",
        "engine",
        "µs of CPU a record, parallelism 1",
        "parallelism 2",
        "records/s, parallelism 1",
        "parallelism 2",
        "speed-up",
        "busier subtask's share",
        "µs a record in the busiest thread");
    table.append("|---".repeat(9)).append("|\n");
    for (double share : plan.shares()) {
      for (Engines engine : plan.skewed()) {
        Trial one = plan.skew(engine, share, 1);
        Trial two = plan.skew(engine, share, 2);
        row(
            table,
            percent(share),
            engine.title(),
            micros(one),
            micros(two),
            rate(one),
            rate(two),
            speedUp(one, two),
            text(two, outcome -> percent(outcome.load().busiestShare())),
            busiest(two));
      }
    }
    return table.toString();
  }

  private String micros(Trial trial) {
    return text(trial, outcome -> number(outcome.measured().microsPerRecord()));
  }

  private String rate(Trial trial) {
    return text(
        trial,
        outcome ->
            String.format(Locale.ROOT, "%.0f 000", outcome.measured().recordsPerSecond() / 1_000));
  }

  private String busiest(Trial trial) {
    return text(
        trial,
        outcome -> {
          OptionalDouble micros = outcome.load().busiestMicros();
          return micros.isPresent() ? number(micros.getAsDouble()) : NONE;
        });
  }

  private String checkpoint(Trial trial) {
    return text(
        trial,
        outcome ->
            outcome.checkpointBytes().isPresent()
                ? String.format(Locale.ROOT, "%.1f MB", outcome.checkpointBytes().getAsLong() / 1e6)
                : NONE);
  }

  private String speedUp(Trial one, Trial two) {
    return text(
        one,
        first ->
            text(
                two,
                second ->
                    number(
                        second.measured().recordsPerSecond()
                            / first.measured().recordsPerSecond())));
  }

  private String text(Trial trial, Function<Outcome, String> figure) {
    return Optional.ofNullable(outcomes.get(trial)).map(figure).orElse(NONE);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String percent(OptionalDouble share) {
    return share.isPresent() ? percent(share.getAsDouble()) : NONE;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }

  private static void row(StringBuilder table, String... fields) {
    table.append("| ").append(String.join(" | ", List.of(fields))).append(" |\n");
  }
}
