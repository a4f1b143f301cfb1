package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.testing.GoldenResults;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters in application mode: the JobManager runs the template's main method. */
@Tag("cluster")
class FlinkApplicationTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;

  @Test
  void givesTheGoldenResultsAndEndsWithTheJob() throws Exception {
    // A class of the template's tests, beside its golden files.
    Class<?> home =
        Class.forName("org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsFilesTest");
    Path output = folder.resolve("out");

    try (LocalFlinkCluster cluster =
        TemplateApplication.start(
            folder,
            Map.of(),
            "--input=" + GoldenResults.copyOf(home, "input.jsonl", folder),
            "--output=" + output)) {
      int exitCode = cluster.awaitEnd(PATIENCE);

      assertThat(cluster.jobManagerLog())
          .contains("realtime-analytics on flink")
          .contains("realtime-analytics DONE after")
          .describedAs("counters of the job")
          .containsPattern("deduplicate +\\d+")
          .describedAs("Flink has seen the end, not only the end of the process")
          .contains("with application status SUCCEEDED");
      assertThat(exitCode).isZero();
    }
    GoldenResults.of(home, "expected.jsonl", new RealtimeAnalytics().resultKey()).hold(output);
  }

  @Test
  void failsIfTheTemplateRefusesItsOptions() throws IOException {
    try (LocalFlinkCluster cluster =
        TemplateApplication.start(
            folder, Map.of(), "--input=/nowhere.jsonl", "--windowSize=banana")) {
      int exitCode = cluster.awaitEnd(PATIENCE);

      assertThat(cluster.jobManagerLog())
          .contains("--windowSize", "realtime-analytics was not started");
      assertThat(exitCode).isNotZero();
    }
  }
}
