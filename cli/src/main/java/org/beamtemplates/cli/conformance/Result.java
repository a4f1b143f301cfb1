package org.beamtemplates.cli.conformance;

/**
 * How a test has ended on a config.
 *
 * @param subject the template, or the part of the library, that it is about
 * @param capability what it proves
 * @param test its id, unique on a config
 */
record Result(
    String config, String subject, String capability, String test, Outcome outcome, String reason) {

  /** How a test can end. */
  enum Outcome {
    PASSED,
    SKIPPED,
    FAILED
  }

  /** A line of the table. */
  record Line(String subject, String capability) {}

  Line line() {
    return new Line(subject, capability);
  }
}
