package org.beamtemplates.transforms.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.apache.beam.sdk.PipelineResult;
import org.beamtemplates.transforms.launch.JobStatus.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the stages of a running job have counted. Of one thread. */
final class StageReader {

  private static final Logger LOG = LoggerFactory.getLogger(StageReader.class);

  private List<Stage> known = List.of();

  /** Returns what is known if the job does not tell: one that is starting has no metrics yet. */
  List<Stage> read(PipelineResult result) {
    List<Stage> told = new ArrayList<>();
    try {
      for (StageSource source : ServiceLoader.load(StageSource.class)) {
        told.addAll(source.stages(result));
      }
      known = told;
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      LOG.debug("The job does not tell what it has counted", e);
    }
    return known;
  }
}
