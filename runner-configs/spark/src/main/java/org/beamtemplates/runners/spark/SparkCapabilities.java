package org.beamtemplates.runners.spark;

import org.apache.beam.runners.spark.SparkPipelineOptions;
import org.apache.beam.runners.spark.SparkRunner;
import org.apache.beam.runners.spark.TestSparkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/** The answers for the classic Spark runner: jobs that end. */
public final class SparkCapabilities implements RunnerCapabilities {

  @Override
  public boolean appliesTo(PipelineOptions options) {
    return options.getRunner() == SparkRunner.class || options.getRunner() == TestSparkRunner.class;
  }

  @Override
  public void preflight(PipelineOptions options, Problems problems) {
    SparkCluster.of(options.as(SparkPipelineOptions.class))
        .ifPresent(cluster -> cluster.check(problems));
  }

  @Override
  public void explain(PipelineOptions options, Explanation to) {
    SparkPipelineOptions spark = options.as(SparkPipelineOptions.class);
    to.runs(
        "where",
        SparkCluster.of(spark).isPresent()
            ? "on the Spark cluster whose master is " + spark.getSparkMaster()
            : "inside this JVM, on an embedded Spark (" + spark.getSparkMaster() + ")");
    to.runs("what", "jobs that end: a stream is refused");
    to.runs(
        "checkpoints",
        "none: Spark repeats tasks that failed; a job that failed is started anew, from the"
            + " beginning of its input");
  }

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public boolean batchedReading() {
    return false;
  }

  /** It refuses steps that require stable input. */
  @Override
  public boolean stableInput() {
    return false;
  }

  @Override
  public boolean processingTimeFires() {
    return false;
  }

  /**
   * It reads some, but without the late data, the timers and the stable input that the templates
   * rely on: results would not be those of the other runners.
   */
  @Override
  public boolean unboundedSources() {
    return false;
  }

  @Override
  public String whyNoStreams() {
    return "whose streaming has no unbounded splittable DoFn, no stable input, no timers by"
        + " processing time, and other late data than the other runners: records could be lost or"
        + " doubled, so it reads files only";
  }

  /** A cluster gets the jars that it does not have. */
  @Override
  public PipelineResult start(Pipeline pipeline) {
    SparkPipelineOptions options = pipeline.getOptions().as(SparkPipelineOptions.class);
    SparkCluster.of(options).ifPresent(cluster -> cluster.stageFor(options));
    DriverAddress.chooseFor(options.getSparkMaster());
    return pipeline.run();
  }
}
