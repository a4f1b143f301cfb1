package org.beamtemplates.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.awaitility.Awaitility;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.observe.Accounting;

/**
 * An unbounded pipeline that runs while a test looks at what it writes, and is cancelled at its
 * end. The runner is the one of this module's tests: see {@link #options}.
 */
public final class RunningPipeline implements AutoCloseable {

  /** System property with the options of the runner, as a JSON array; Direct by default. */
  private static final String OPTIONS = "beamtemplates.streaming.options";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PipelineResult result;
  private final CompletableFuture<PipelineResult.State> end;

  private RunningPipeline(PipelineResult result) {
    this.result = result;
    // The Direct runner tells why a job has failed only to who waits for it meanwhile.
    this.end =
        CompletableFuture.supplyAsync(result::waitUntilFinish, RunningPipeline::inBackground);
  }

  private static void inBackground(Runnable task) {
    Thread thread = new Thread(task, "wait-for-pipeline");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns options that run a pipeline in the background on this module's runner. */
  public static <T extends PipelineOptions> T options(Class<T> type, String... more) {
    String json = System.getProperty(OPTIONS, "[\"--runner=DirectRunner\",\"--blockOnRun=false\"]");
    try {
      List<String> arguments =
          new ArrayList<>(List.of(new ObjectMapper().readValue(json, String[].class)));
      Collections.addAll(arguments, more);
      return PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new)).as(type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("-D" + OPTIONS + " must be a JSON array: " + json, e);
    }
  }

  /** Starts a pipeline whose options are made by {@link #options}. */
  public static RunningPipeline start(Pipeline pipeline) {
    return new RunningPipeline(RunnerCapabilities.of(pipeline.getOptions()).start(pipeline));
  }

  /**
   * Waits until something is so, for two minutes at most; fails at once, with the reason, if the
   * job has failed.
   */
  public void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              if (end.isDone()) {
                throw new AssertionError("the job has ended: " + end.join());
              }
              return condition.call();
            });
  }

  /** Returns the state of the job. */
  public PipelineResult.State state() {
    return result.getState();
  }

  /** Returns what the job has counted so far. */
  public Accounting accounting() {
    return Accounting.of(result.metrics());
  }

  /** Returns how many elements Beam has dropped so far without giving them back. */
  public long dropped() {
    return DroppedElements.of(result);
  }

  @Override
  public void close() {
    try {
      result.cancel();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
