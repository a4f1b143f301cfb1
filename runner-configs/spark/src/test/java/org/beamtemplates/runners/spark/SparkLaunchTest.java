package org.beamtemplates.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.testing.GoldenResults;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launches with the shipped options. */
class SparkLaunchTest {

  @TempDir Path folder;

  @Test
  void theOptionFileGivesTheGoldenResults() throws Exception {
    // A class of the template's tests, beside its golden files.
    Class<?> home =
        Class.forName("org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsFilesTest");
    Path output = folder.resolve("out");

    Launched launched =
        Launched.of(
            new RealtimeAnalytics(),
            "@spark.options",
            "--input=" + GoldenResults.copyOf(home, "input.jsonl", folder),
            "--output=" + output);

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out()).startsWith("realtime-analytics on spark;").contains("deduplicate");
    GoldenResults.of(home, "expected.jsonl", new RealtimeAnalytics().resultKey()).hold(output);
  }

  @Test
  void refusesAStreamWithItsReasons() {
    Launched launched = Launched.of(new EndlessTemplate(), "@spark.options");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--runner", "spark", "no stable input", "reads files only");
  }

  @Test
  void explainsWhatSparkDoesNotKeep() throws IOException {
    Launched launched =
        Launched.of(
            new RealtimeAnalytics(),
            "@spark.options",
            "--explain",
            "--input=" + Files.createFile(folder.resolve("input.jsonl")),
            "--output=" + folder.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out())
        .startsWith("realtime-analytics on spark")
        .contains("an embedded Spark (local[2])", "a stream is refused", "at the end of the job");
  }
}
