package org.beamtemplates.transforms.observe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;

/**
 * The counters of all stages of a job, read from its metrics.
 *
 * <p>The values are attempted, not committed: they prove the identity for a run without failures;
 * after a restart a runner may count some records again or begin anew.
 */
public final class Accounting {

  /**
   * What became of the records of one stage.
   *
   * @param stage name of the stage
   * @param in records that entered
   * @param out records passed on
   * @param dead records that became dead letters, late ones aside
   * @param filtered records left out on purpose
   * @param duplicate records that were duplicates
   * @param late (record, window) assignments that were too late
   */
  public record Stage(
      String stage, long in, long out, long dead, long filtered, long duplicate, long late) {

    /** Returns whether every record that entered is accounted for. */
    public boolean balances() {
      return in == out + dead + filtered + duplicate + late;
    }
  }

  private final Map<String, Stage> stages;

  private Accounting(Map<String, Stage> stages) {
    this.stages = stages;
  }

  /** Reads the counters of a running or finished job. */
  public static Accounting of(MetricResults metrics) {
    MetricQueryResults results =
        metrics.queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace(StageCounters.NAMESPACE))
                .build());
    Map<String, EnumMap<Fate, Long>> counts = new TreeMap<>();
    for (MetricResult<Long> counter : results.getCounters()) {
      String name = counter.getName().getName();
      int dot = name.lastIndexOf('.');
      for (Fate fate : Fate.values()) {
        if (dot > 0 && fate.label().equals(name.substring(dot + 1))) {
          counts
              .computeIfAbsent(name.substring(0, dot), stage -> new EnumMap<>(Fate.class))
              .merge(fate, counter.getAttempted(), Long::sum);
        }
      }
    }
    Map<String, Stage> stages = new TreeMap<>();
    counts.forEach((stage, fates) -> stages.put(stage, stage(stage, fates)));
    return new Accounting(stages);
  }

  private static Stage stage(String stage, Map<Fate, Long> counts) {
    return new Stage(
        stage,
        counts.getOrDefault(Fate.IN, 0L),
        counts.getOrDefault(Fate.OUT, 0L),
        counts.getOrDefault(Fate.DEAD, 0L),
        counts.getOrDefault(Fate.FILTERED, 0L),
        counts.getOrDefault(Fate.DUPLICATE, 0L),
        counts.getOrDefault(Fate.LATE, 0L));
  }

  /** Returns the stages that counted anything, the one with the most records first. */
  public List<Stage> stages() {
    List<Stage> sorted = new ArrayList<>(stages.values());
    sorted.sort((a, b) -> Long.compare(b.in(), a.in()));
    return List.copyOf(sorted);
  }

  /** Returns a stage; all its counts are 0 if it counted nothing. */
  public Stage stage(String stage) {
    return stages.getOrDefault(stage, new Stage(stage, 0, 0, 0, 0, 0, 0));
  }

  /** Returns whether the identity holds for every stage. */
  public boolean balances() {
    return stages.values().stream().allMatch(Stage::balances);
  }

  /** Returns the identity of every stage as a table, one line a stage. */
  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-14s %10s = %10s + %8s + %8s + %9s + %8s%n",
                "stage",
                "in",
                "out",
                "dead",
                "filtered",
                "duplicate",
                "late"));
    for (Stage s : stages()) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-14s %10d = %10d + %8d + %8d + %9d + %8d%s%n",
              s.stage(),
              s.in(),
              s.out(),
              s.dead(),
              s.filtered(),
              s.duplicate(),
              s.late(),
              s.balances() ? "" : "   DOES NOT ADD UP"));
    }
    return table.toString();
  }
}
