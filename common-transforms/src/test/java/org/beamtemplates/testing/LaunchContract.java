package org.beamtemplates.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.transforms.launch.JobStatus;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.StoppableLaunch;
import org.beamtemplates.transforms.launch.Template;
import org.beamtemplates.transforms.observe.StageCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a runner's module must do for a launch: its option file runs, a job can be stopped, says
 * that it has failed, and knows its metrics at the end. A runner's module tests itself by extending
 * this.
 */
public abstract class LaunchContract {

  /** The job runs in this JVM. */
  private static final CountDownLatch SEEN = new CountDownLatch(1);

  private static final long ENDLESS = -2;

  private final String config;
  private final String runner;

  /**
   * Tests a config.
   *
   * @param config name of the config, whose option file is in the folder of the module
   * @param runner simple name of the runner
   */
  protected LaunchContract(String config, String runner) {
    this.config = config;
    this.runner = runner;
  }

  @Test
  void theOptionFileRunsABoundedJobToItsEnd() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int exitCode =
        Launcher.run(
            new Counting(false),
            new String[] {"@" + config + ".options"},
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));

    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(out.toString(UTF_8))
        .startsWith("counting on " + config + ";")
        .contains("counting DONE after");
    assertThat(exitCode).isEqualTo(Launcher.DONE);
  }

  @Test
  void metricsAreThereAfterTheEnd() {
    Pipeline pipeline = Pipeline.create(options());
    pipeline.apply(GenerateSequence.from(0).to(7)).apply("Count", ParDo.of(new Count(-1)));

    PipelineResult result = start(pipeline);

    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    assertThat(counted(result)).isEqualTo(7);
  }

  @Test
  void anEndlessJobStopsWhenToldTo() throws Exception {
    Pipeline pipeline = Pipeline.create(options());
    pipeline.apply(endlessly()).apply("Count", ParDo.of(new Count(ENDLESS)));
    PipelineResult result = start(pipeline);
    assertThat(SEEN.await(1, TimeUnit.MINUTES)).isTrue();

    RunnerCapabilities.of(pipeline.getOptions()).stop(result);

    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.CANCELLED);
    assertThat(result.getState()).isEqualTo(PipelineResult.State.CANCELLED);
  }

  @Test
  void aJobThatFailsSaysSo() {
    Pipeline pipeline = Pipeline.create(options());
    pipeline.apply(GenerateSequence.from(0).to(7)).apply("Count", ParDo.of(new Count(3)));
    PipelineResult result = start(pipeline);

    assertThatThrownBy(result::waitUntilFinish).hasRootCauseMessage("not 3");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> result.getState() == PipelineResult.State.FAILED);
  }

  @Test
  void theStatusFileTellsTheCountersOfARunningJob(@TempDir Path folder) {
    Path file = folder.resolve("status.json");
    System.setProperty(JobStatus.PROPERTY, file.toString());
    try {
      StoppableLaunch launch = StoppableLaunch.start(new Counting(true), "@" + config + ".options");
      long seen = awaitCounted(launch, file, 1);
      seen = awaitCounted(launch, file, seen + 1);

      assertThat(launch.stop()).as(launch.text()).isEqualTo(Launcher.DONE);

      JobStatus last = JobStatus.read(file).orElseThrow();
      assertThat(last.state()).isEqualTo(JobStatus.State.CANCELLED);
      assertThat(last.stages().get(0).in()).isGreaterThanOrEqualTo(seen);
    } finally {
      System.clearProperty(JobStatus.PROPERTY);
    }
  }

  /** Returns the counter of a running job once it is this high. */
  private static long awaitCounted(StoppableLaunch launch, Path file, long atLeast) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              assertThat(launch.hasEnded()).as(launch.text()).isFalse();
              JobStatus status = JobStatus.read(file).orElse(null);
              return status == null || status.stages().isEmpty() ? 0 : status.stages().get(0).in();
            },
            in -> in >= atLeast);
  }

  private static PipelineResult start(Pipeline pipeline) {
    return RunnerCapabilities.of(pipeline.getOptions()).start(pipeline);
  }

  private static GenerateSequence endlessly() {
    return GenerateSequence.from(0).withRate(100, org.joda.time.Duration.standardSeconds(1));
  }

  /** Returns options of the runner, and more. */
  protected final PipelineOptions options(String... more) {
    String[] args = Arrays.copyOf(more, more.length + 1);
    args[more.length] = "--runner=" + runner;
    return PipelineOptionsFactory.fromArgs(args).create();
  }

  private static long counted(PipelineResult result) {
    MetricQueryResults all = result.metrics().allMetrics();
    for (MetricResult<Long> counter : all.getCounters()) {
      if (counter.getName().getName().equals("counted")) {
        return counter.getAttempted();
      }
    }
    return 0;
  }

  private static final class Count extends DoFn<Long, Long> {

    private static final long serialVersionUID = 1L;
    private final Counter counted = Metrics.counter("test", "counted");
    private final StageCounters counters = StageCounters.of("count");
    private final long poison;

    private Count(long poison) {
      this.poison = poison;
    }

    @ProcessElement
    public void process(@Element Long number, OutputReceiver<Long> output) {
      if (number == poison) {
        throw new IllegalArgumentException("not " + poison);
      }
      counted.inc();
      counters.in();
      counters.out();
      if (poison == ENDLESS) {
        SEEN.countDown();
      }
      output.output(number);
    }
  }

  /** Counts to seven, or for ever. */
  private record Counting(boolean endless) implements Template<PipelineOptions> {

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public String summary() {
      return "Counts to seven.";
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
      pipeline
          .apply(endless ? endlessly() : GenerateSequence.from(0).to(7))
          .apply("Count", ParDo.of(new Count(-1)));
    }
  }
}
