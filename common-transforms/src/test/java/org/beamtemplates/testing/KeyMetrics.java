package org.beamtemplates.testing;

import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.beamtemplates.transforms.bucket.KeyCounters;

/** What {@link KeyCounters} has counted. */
public final class KeyMetrics {

  private KeyMetrics() {}

  /** Returns how many keys a stage has begun to remember. */
  public static long remembered(PipelineResult result, String stage) {
    return count(result, stage + ".remembered");
  }

  /** Returns how many keys a stage has forgotten. */
  public static long forgotten(PipelineResult result, String stage) {
    return count(result, stage + ".forgotten");
  }

  private static long count(PipelineResult result, String name) {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(KeyCounters.NAMESPACE, name))
            .build();
    long count = 0;
    for (MetricResult<Long> counter : result.metrics().queryMetrics(filter).getCounters()) {
      count += counter.getAttempted();
    }
    return count;
  }
}
