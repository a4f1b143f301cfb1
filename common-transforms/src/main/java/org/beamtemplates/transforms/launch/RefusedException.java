package org.beamtemplates.transforms.launch;

import static java.util.Objects.requireNonNull;

/**
 * Thrown while a pipeline is built, if an option of the job does not fit what is built: what only
 * the step knows that depends on it. The launcher reports it like any other problem of the options.
 */
public final class RefusedException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String option;
  private final String problem;

  /**
   * Refuses an option.
   *
   * @param option its name without dashes
   * @param problem what was given, what is allowed, what to do
   */
  public RefusedException(String option, String problem) {
    super("--" + requireNonNull(option, "option") + " " + requireNonNull(problem, "problem"));
    this.option = option;
    this.problem = problem;
  }

  /** Adds what is wrong to the problems of a launch. */
  void addTo(Problems problems) {
    problems.add(option, problem);
  }
}
