package org.beamtemplates.transforms.launch;

/**
 * A transform that is computed in other ways on other runners, with the same results, and can say
 * in which. The description of a template tells it.
 */
public interface RunnerDependent extends Explained {

  /** Returns how it is computed on this runner and why, in some words for a terminal. */
  String executionOn(RunnerCapabilities runner);

  /** Tells how it is computed, unless there is more to tell. */
  @Override
  default void explain(RunnerCapabilities runner, Explanation to) {
    to.computes(executionOn(runner));
  }
}
