package org.beamtemplates.runners.direct;

import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/** The answers for Beam's Direct runner. It never restarts anything: a failure ends the job. */
public final class DirectCapabilities implements RunnerCapabilities {

  @Override
  public boolean appliesTo(PipelineOptions options) {
    return options.getRunner() == DirectRunner.class;
  }

  @Override
  public void explain(PipelineOptions options, Explanation to) {
    DirectOptions direct = options.as(DirectOptions.class);
    to.runs("where", "inside this JVM: to try things out and to test");
    to.runs("parallelism", direct.getTargetParallelism() + " threads at most");
    to.runs("checkpoints", "none: a failure ends the job, and the next one begins anew");
    to.runs("state", "on the heap; it is gone with the JVM");
  }

  @Override
  public String name() {
    return "direct";
  }

  /**
   * It would be exact, and of no use: copying each element, to see that nobody changes it, costs
   * more than batches save.
   */
  @Override
  public boolean batchedReading() {
    return false;
  }

  @Override
  public boolean bucketedState() {
    return true;
  }

  /** Nothing is processed twice, so there is no second input that could differ. */
  @Override
  public boolean stableInput() {
    return true;
  }

  @Override
  public boolean processingTimeFires() {
    return true;
  }

  @Override
  public boolean unboundedSources() {
    return true;
  }

  /** Would block until the job is done, by default. */
  @Override
  public PipelineResult start(Pipeline pipeline) {
    pipeline.getOptions().as(DirectOptions.class).setBlockOnRun(false);
    return pipeline.run();
  }
}
