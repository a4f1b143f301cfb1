package org.beamtemplates.transforms.launch;

/** A transform or a {@code DoFn} that can tell what one should know of it before a launch. */
public interface Explained {

  /**
   * Tells it. May ask a service for two seconds, and throws nothing.
   *
   * @param runner what the job is to run on
   */
  void explain(RunnerCapabilities runner, Explanation to);
}
