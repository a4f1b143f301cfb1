package org.beamtemplates.transforms.observe;

import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.beamtemplates.transforms.launch.JobStatus;
import org.beamtemplates.transforms.launch.StageSource;

/** Puts the accounting of a job into its status. Found by the launcher as a service. */
public final class AccountingStages implements StageSource {

  @Override
  public List<JobStatus.Stage> stages(PipelineResult result) {
    return Accounting.of(result.metrics()).stages().stream()
        .map(
            s ->
                new JobStatus.Stage(
                    s.stage(), s.in(), s.out(), s.dead(), s.filtered(), s.duplicate(), s.late()))
        .toList();
  }
}
