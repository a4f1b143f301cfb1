package org.beamtemplates.testing;

import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** What Beam itself has dropped without giving it back. */
public final class DroppedElements {

  private DroppedElements() {}

  /** Returns how many elements of a finished job Beam dropped as late or for a closed window. */
  public static long of(PipelineResult result) {
    long dropped = 0;
    for (MetricResult<Long> counter :
        result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
      String name = counter.getName().getName();
      if (name.equalsIgnoreCase("droppedDueToLateness")
          || name.equalsIgnoreCase("droppedDueToClosedWindow")) {
        dropped += counter.getAttempted();
      }
    }
    return dropped;
  }
}
