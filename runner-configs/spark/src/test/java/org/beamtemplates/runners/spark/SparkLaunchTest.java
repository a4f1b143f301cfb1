package org.beamtemplates.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.testing.GoldenResults;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;
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
    Launched launched = Launched.of(new Endless(), "@spark.options");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--runner", "spark", "no stable input", "reads files only");
  }

  /** A stream without Kafka, whose Scala is another than Spark's. */
  private record Endless() implements Template<PipelineOptions> {

    @Override
    public String name() {
      return "endless";
    }

    @Override
    public String summary() {
      return "Counts for ever.";
    }

    @Override
    public Class<PipelineOptions> optionsClass() {
      return PipelineOptions.class;
    }

    @Override
    public List<String> resultKey() {
      return List.of("number");
    }

    @Override
    public void validate(PipelineOptions options, Problems problems) {}

    @Override
    public void preflight(PipelineOptions options, Problems problems) {}

    @Override
    public void build(Pipeline pipeline, PipelineOptions options) {
      pipeline.apply(GenerateSequence.from(0));
    }
  }
}
