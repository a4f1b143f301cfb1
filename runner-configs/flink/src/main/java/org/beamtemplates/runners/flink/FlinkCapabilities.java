package org.beamtemplates.runners.flink;

import java.util.OptionalInt;
import org.apache.beam.runners.flink.FlinkDetachedRunnerResult;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.runners.flink.TestFlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/** The answers for the classic Flink runner. */
public final class FlinkCapabilities implements RunnerCapabilities {

  private final boolean exactlyOnceCheckpoints;
  private final int parallelism;

  /** For the service loader, until {@link #with} tells the options. */
  public FlinkCapabilities() {
    this(false, -1);
  }

  private FlinkCapabilities(boolean exactlyOnceCheckpoints, int parallelism) {
    this.exactlyOnceCheckpoints = exactlyOnceCheckpoints;
    this.parallelism = parallelism;
  }

  @Override
  public boolean appliesTo(PipelineOptions options) {
    return options.getRunner() == FlinkRunner.class || options.getRunner() == TestFlinkRunner.class;
  }

  @Override
  public RunnerCapabilities with(PipelineOptions options) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    return new FlinkCapabilities(
        flink.getCheckpointingInterval() > 0
            && flink.getCheckpointingMode().equals(FlinkPipelineOptions.EXACTLY_ONCE),
        flink.getParallelism());
  }

  @Override
  public void preflight(PipelineOptions options, Problems problems) {
    FlinkCluster.of(options.as(FlinkPipelineOptions.class))
        .ifPresent(cluster -> cluster.check(problems));
  }

  @Override
  public void explain(PipelineOptions options, Explanation to) {
    new FlinkExplanation(options.as(FlinkPipelineOptions.class)).tell(to);
  }

  @Override
  public String name() {
    return "flink";
  }

  /** A reader's mark is taken between two elements, which are whole batches then. */
  @Override
  public boolean batchedReading() {
    return true;
  }

  /** Elements wait for a checkpoint that holds them: only with checkpoints, and exact ones. */
  @Override
  public boolean stableInput() {
    return exactlyOnceCheckpoints;
  }

  @Override
  public boolean bucketedState() {
    return true;
  }

  @Override
  public OptionalInt parallelism() {
    return parallelism < 1 ? OptionalInt.empty() : OptionalInt.of(parallelism);
  }

  @Override
  public boolean processingTimeFires() {
    return true;
  }

  @Override
  public boolean unboundedSources() {
    return true;
  }

  /**
   * Attached, {@code run} blocks until the job is done; detached, its result knows too little. What
   * a step gathers in a bundle must leave before a checkpoint: the runner could otherwise let the
   * watermark pass it.
   */
  @Override
  public PipelineResult start(Pipeline pipeline) {
    FlinkPipelineOptions options = pipeline.getOptions().as(FlinkPipelineOptions.class);
    options.setFinishBundleBeforeCheckpointing(true);
    FlinkCluster.of(options).ifPresent(cluster -> cluster.stageFor(options));
    if (options.getRunner() == FlinkRunner.class) {
      options.setAttachedMode(false);
    }
    PipelineResult result = pipeline.run();
    return result instanceof FlinkDetachedRunnerResult detached ? FlinkJob.of(detached) : result;
  }
}
