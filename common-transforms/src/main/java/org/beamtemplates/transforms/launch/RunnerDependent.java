package org.beamtemplates.transforms.launch;

/**
 * A transform that is computed in other ways on other runners, with the same results, and can say
 * in which. The description of a template tells it.
 */
public interface RunnerDependent {

  /** Returns how it is computed on this runner and why, in some words for a terminal. */
  String executionOn(RunnerCapabilities runner);
}
