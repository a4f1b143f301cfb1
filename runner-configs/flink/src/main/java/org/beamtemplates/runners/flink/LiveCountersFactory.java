package org.beamtemplates.runners.flink;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Makes {@link LiveCounters}; named in {@code conf/config.yaml}, so Flink needs it public. */
public final class LiveCountersFactory implements MetricReporterFactory {

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new LiveCounters();
  }
}
