package org.beamtemplates.runners.flink;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.beam.runners.flink.FlinkDetachedRunnerResult;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.runners.flink.TestFlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.client.deployment.application.executors.EmbeddedExecutor;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.beamtemplates.transforms.io.FolderCheck;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/** The answers for the classic Flink runner. */
public final class FlinkCapabilities implements RunnerCapabilities {

  private static final String LOCAL = "file://";

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

  /**
   * In application mode, and for a jar that was given to the JobManager's web interface, the main
   * method runs inside the JobManager: jobs go to an executor embedded there.
   */
  @Override
  public boolean hostsLaunch() {
    return StreamExecutionEnvironment.getExecutionEnvironment()
            instanceof StreamContextEnvironment given
        && EmbeddedExecutor.NAME.equals(given.getConfiguration().get(DeploymentOptions.TARGET));
  }

  @Override
  public void preflight(PipelineOptions options, Problems problems) {
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    Optional<FlinkCluster> cluster = FlinkCluster.of(flink);
    cluster.ifPresent(there -> there.check(problems));
    if (cluster.isEmpty() && flink.getSavepointPath() != null) {
      problems.add(
          "savepointPath",
          "is "
              + flink.getSavepointPath()
              + ", but Beam goes on from a savepoint only where --flinkMaster is host:port; choose"
              + " --on flink-cluster, or leave it out (in application mode, give Flink"
              + " execution.savepoint.path)");
    }
    checkCheckpointFolder(flink, problems);
    checkOpened(problems);
  }

  /** A folder of this machine; elsewhere only the cluster can tell. */
  private static void checkCheckpointFolder(FlinkPipelineOptions options, Problems problems) {
    String path = options.getStateBackendStoragePath();
    if (path != null && path.startsWith(LOCAL)) {
      FolderCheck.unwritable(path.substring(LOCAL.length()))
          .ifPresent(
              why -> problems.add("stateBackendStoragePath", why + "; checkpoints go there"));
    }
  }

  /** Some of Flink works without, and fails when a job has long begun. */
  private static void checkOpened(Problems problems) {
    if (!Object.class.getModule().isOpen("java.util", FlinkCapabilities.class.getModule())) {
      problems.add(
          "",
          "this JVM lacks the flags that Flink needs on Java 17 (--add-opens java.base/java.util and"
              + " others); start with ./templates run, or give java"
              + " @runner-configs/flink/jvm.options");
    }
  }

  @Override
  public void explain(PipelineOptions options, Explanation to) {
    new FlinkExplanation(options.as(FlinkPipelineOptions.class)).tell(to);
  }

  @Override
  public Optional<String> savepoint(PipelineOptions options) {
    return Optional.ofNullable(options.as(FlinkPipelineOptions.class).getSavepointPath());
  }

  @Override
  public void checkSavepoint(String savepoint, Supplier<Pipeline> job, Problems problems) {
    new FlinkSavepoint(savepoint).check(job, problems);
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
