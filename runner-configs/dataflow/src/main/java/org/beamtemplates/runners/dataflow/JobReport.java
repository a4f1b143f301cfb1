package org.beamtemplates.runners.dataflow;

import java.io.PrintStream;
import java.util.Optional;
import org.apache.beam.runners.dataflow.DataflowPipelineJob;
import org.apache.beam.runners.dataflow.util.MonitoringUtil;
import org.apache.beam.sdk.PipelineResult;
import org.beamtemplates.transforms.launch.RunReport;

/** Tells where the job is: on Dataflow, or in a file. */
public final class JobReport implements RunReport {

  @Override
  public void print(PipelineResult result, PrintStream out) {
    textOf(result).ifPresent(out::println);
  }

  static Optional<String> textOf(PipelineResult result) {
    if (result instanceof DataflowPipelineJob job) {
      return Optional.of(
          "Dataflow job "
              + job.getJobId()
              + ": "
              + MonitoringUtil.getJobMonitoringPageURL(
                  job.getProjectId(), job.getRegion(), job.getJobId()));
    }
    if (result instanceof WrittenTemplate written) {
      return Optional.of(
          "Dataflow job translated, "
              + written.steps()
              + " steps; written to "
              + written.location()
              + ", not submitted");
    }
    return Optional.empty();
  }
}
