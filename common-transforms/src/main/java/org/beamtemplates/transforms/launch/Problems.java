package org.beamtemplates.transforms.launch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is wrong with a launch: every problem that was found, each with the option to change. All of
 * them are reported at once, so that nobody mends one only to meet the next.
 */
public final class Problems {

  /**
   * One problem.
   *
   * @param option name of the option without dashes, or empty if there is none to blame
   * @param message what was given, what is allowed, what to do
   */
  public record Problem(String option, String message) {

    public Problem {
      requireNonNull(option, "option");
      requireNonNull(message, "message");
    }
  }

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> known;

  /** No problems yet. */
  public Problems() {
    this(List.of());
  }

  private Problems(List<Problem> known) {
    this.known = known;
  }

  /** No problems yet, beside those that another check has found, which are not found again. */
  Problems further() {
    return new Problems(all());
  }

  /** Adds a problem with an option; {@code option} is its name without dashes. */
  public void add(String option, String message) {
    problems.add(new Problem(option, message));
  }

  /** Returns the problems in the order in which they were found. */
  public List<Problem> all() {
    return List.copyOf(problems);
  }

  /** Returns whether nothing is wrong. */
  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Returns whether a problem with this option was found already, by this or an earlier check. */
  public boolean concern(String option) {
    return Stream.concat(known.stream(), problems.stream())
        .anyMatch(problem -> problem.option().equals(option));
  }
}
