package org.beamtemplates.runners.dataflow;

import java.util.List;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers for Dataflow with its portable runner, by its documentation: nothing has been run
 * there.
 */
public final class DataflowCapabilities implements RunnerCapabilities {

  private static final Logger LOG = LoggerFactory.getLogger(DataflowCapabilities.class);
  private static final String RUNNER_V2 = "use_runner_v2";
  private static final String BUCKET = "gs://";

  @Override
  public boolean appliesTo(PipelineOptions options) {
    return options.getRunner() == DataflowRunner.class;
  }

  @Override
  public String name() {
    return "dataflow";
  }

  @Override
  public void explain(PipelineOptions options, Explanation to) {
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    to.runs(
        "where",
        "on Dataflow, project " + dataflow.getProject() + ", region " + dataflow.getRegion());
    to.runs(
        "parallelism",
        "workers as the service thinks fit"
            + (dataflow.getMaxNumWorkers() > 0
                ? ", " + dataflow.getMaxNumWorkers() + " at most"
                : ""));
    to.runs("checkpoints", "the service's own: state and timers survive workers");
    to.warn(
        "By Dataflow's documentation: this collection translates and submits jobs, but none has been"
            + " run on the service.");
  }

  /** Looks at the options alone: the runner's own checks ask Google's services. */
  @Override
  public void preflight(PipelineOptions options, Problems problems) {
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    require("project", dataflow.getProject(), "the Google Cloud project that pays", problems);
    require("region", dataflow.getRegion(), "where the workers run, such as us-central1", problems);
    String temp = options.getTempLocation();
    if (temp == null || !temp.startsWith(BUCKET)) {
      problems.add(
          "tempLocation",
          (temp == null ? "is missing" : "is " + temp)
              + "; give a folder of Cloud Storage, such as gs://bucket/tmp: jars are staged below"
              + " it");
    }
    List<String> experiments = options.as(ExperimentalOptions.class).getExperiments();
    if (experiments == null || !experiments.contains(RUNNER_V2)) {
      problems.add(
          "experiments",
          "lacks "
              + RUNNER_V2
              + ": without it Kafka is asked from this machine while the job is translated; give"
              + " it along with yours");
    }
  }

  private static void require(
      String option, @Nullable String given, String meaning, Problems problems) {
    if (given == null || given.isEmpty()) {
      problems.add(option, "is missing; give " + meaning);
    }
  }

  /** KafkaIO is a splittable DoFn there: it has no source to read in batches. */
  @Override
  public boolean batchedReading() {
    return false;
  }

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

  /** With {@code --templateLocation} there is no job: the launch is done when it is written. */
  @Override
  public PipelineResult start(Pipeline pipeline) {
    PipelineResult job = pipeline.run();
    String location = pipeline.getOptions().as(DataflowPipelineOptions.class).getTemplateLocation();
    if (location != null) {
      return WrittenTemplate.of(pipeline, location);
    }
    // A stream is there for long, and its launch ends with it.
    JobReport.textOf(job).ifPresent(LOG::info);
    return job;
  }
}
