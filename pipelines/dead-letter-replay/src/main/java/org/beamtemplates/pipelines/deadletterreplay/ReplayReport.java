package org.beamtemplates.pipelines.deadletterreplay;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.DistributionResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.beamtemplates.transforms.launch.RunReport;

/**
 * Prints what became of the dead letters of a replay, a line for each outcome that there was. Found
 * by the launcher as a service; says nothing of other jobs.
 */
public final class ReplayReport implements RunReport {

  @Override
  public void print(PipelineResult result, PrintStream out) {
    MetricQueryResults metrics =
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(MetricNameFilter.inNamespace(ReplayCounters.NAMESPACE))
                    .build());
    Map<String, Long> counts = new TreeMap<>();
    for (MetricResult<Long> counter : metrics.getCounters()) {
      counts.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
    }
    if (counts.values().stream().allMatch(count -> count == 0)) {
      return;
    }
    out.println();
    for (Outcome outcome : Outcome.values()) {
      long count = counts.getOrDefault(outcome.name(), 0L);
      if (count > 0) {
        out.printf("%10d %s%s%n", count, outcome.label(), more(outcome, counts, metrics));
      }
    }
  }

  private static String more(
      Outcome outcome, Map<String, Long> counts, MetricQueryResults metrics) {
    return switch (outcome) {
      case NOT_DUE -> next(metrics);
      case TAKEN_OVER -> "; run it again when that has ended";
      case SENT, WOULD_BE_SENT -> topics(counts);
      default -> "";
    };
  }

  private static String next(MetricQueryResults metrics) {
    long first = Long.MAX_VALUE;
    for (MetricResult<DistributionResult> due : metrics.getDistributions()) {
      if (due.getAttempted().getCount() > 0) {
        first = Math.min(first, due.getAttempted().getMin());
      }
    }
    return first == Long.MAX_VALUE ? "" : "; the next at " + Instant.ofEpochSecond(first);
  }

  private static String topics(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .filter(count -> count.getKey().startsWith(ReplayCounters.TO))
        .map(count -> count.getKey().substring(ReplayCounters.TO.length()) + " " + count.getValue())
        .collect(Collectors.joining(", ", " (", ")"));
  }
}
