package org.beamtemplates.runners.flink;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.beamtemplates.transforms.observe.StageCounters;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps the counters of the jobs that an embedded Flink runs, while they run and after their end,
 * summed over subtasks and attempts.
 *
 * <p>Beam hands a step's metrics to Flink's accumulators only when the step ends, and those of a
 * cancelled job are lost; to Flink's reporters it tells them all the time. Static, because Flink
 * makes reporters by their name and lets nobody else have them.
 */
final class LiveCounters implements MetricReporter {

  private static final ConcurrentMap<String, Job> JOBS = new ConcurrentHashMap<>();
  private static final String JOB_ID = "<job_id>";
  private static final String ANY_STEP = "job";

  /** Returns what the counters of a job have counted; empty if this reporter is not configured. */
  static MetricsContainerStepMap of(String jobId) {
    MetricsContainerStepMap metrics = new MetricsContainerStepMap();
    Job job = JOBS.get(jobId);
    if (job != null) {
      job.sums().forEach((name, sum) -> metrics.getContainer(ANY_STEP).getCounter(name).inc(sum));
    }
    return metrics;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    String jobId = group.getAllVariables().get(JOB_ID);
    MetricName beamName = beamName(name);
    if (metric instanceof Counter counter && jobId != null && beamName != null) {
      JOBS.computeIfAbsent(jobId, any -> new Job()).add(beamName, counter);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    String jobId = group.getAllVariables().get(JOB_ID);
    MetricName beamName = beamName(name);
    Job job = jobId == null ? null : JOBS.get(jobId);
    if (metric instanceof Counter counter && job != null && beamName != null) {
      job.remove(beamName, counter);
    }
  }

  /** Beam joins namespace and name with a dot; Flink's own names have none. */
  private static @Nullable MetricName beamName(String name) {
    String accounting = StageCounters.NAMESPACE + ".";
    int dot = name.startsWith(accounting) ? accounting.length() - 1 : name.lastIndexOf('.');
    return dot <= 0 || dot == name.length() - 1
        ? null
        : MetricName.named(name.substring(0, dot), name.substring(dot + 1));
  }

  /** The counters of one job: live ones, and the sums of those that have gone. */
  private static final class Job {

    private final Map<MetricName, Set<Counter>> live = new ConcurrentHashMap<>();
    private final Map<MetricName, Long> gone = new ConcurrentHashMap<>();

    synchronized void add(MetricName name, Counter counter) {
      live.computeIfAbsent(name, any -> new HashSet<>()).add(counter);
    }

    synchronized void remove(MetricName name, Counter counter) {
      Set<Counter> counters = live.get(name);
      if (counters != null && counters.remove(counter)) {
        gone.merge(name, counter.getCount(), Long::sum);
      }
    }

    synchronized Map<MetricName, Long> sums() {
      Map<MetricName, Long> sums = new ConcurrentHashMap<>(gone);
      live.forEach(
          (name, counters) ->
              counters.forEach(counter -> sums.merge(name, counter.getCount(), Long::sum)));
      return sums;
    }
  }
}
