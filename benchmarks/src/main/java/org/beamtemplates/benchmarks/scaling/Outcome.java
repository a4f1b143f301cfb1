package org.beamtemplates.benchmarks.scaling;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import org.beamtemplates.benchmarks.speed.Measured;

/**
 * What was seen of a job.
 *
 * @param load of its subtasks, in the steady state
 * @param checkpointBytes of the largest checkpoint, if one was complete
 */
record Outcome(Measured measured, SubtaskLoad load, OptionalLong checkpointBytes) {

  Outcome {
    requireNonNull(measured, "measured");
    requireNonNull(load, "load");
    requireNonNull(checkpointBytes, "checkpointBytes");
  }
}
