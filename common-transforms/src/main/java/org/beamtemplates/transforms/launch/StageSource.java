package org.beamtemplates.transforms.launch;

import java.util.List;
import org.apache.beam.sdk.PipelineResult;

/**
 * Tells what the stages of a job have counted so far, for its {@link JobStatus}. Found by {@link
 * java.util.ServiceLoader}. One that throws is skipped: a job that is just starting or stopping may
 * have no metrics.
 */
public interface StageSource {

  /** Returns the stages that counted anything; {@code result} is that of a job in any state. */
  List<JobStatus.Stage> stages(PipelineResult result);
}
