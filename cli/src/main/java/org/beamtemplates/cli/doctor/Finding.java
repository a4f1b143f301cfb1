package org.beamtemplates.cli.doctor;

/**
 * What a check found.
 *
 * @param level how bad it is
 * @param subject what was looked at
 * @param fact what was seen
 * @param advice what to do, or an empty text if nothing is to be done
 */
record Finding(Level level, String subject, String fact, String advice) {

  /** How bad something is. */
  enum Level {
    OK,
    /** Something may not work. */
    WARNING,
    /** Something will not work. */
    PROBLEM
  }

  static Finding ok(String subject, String fact) {
    return new Finding(Level.OK, subject, fact, "");
  }

  static Finding warning(String subject, String fact, String advice) {
    return new Finding(Level.WARNING, subject, fact, advice);
  }

  static Finding problem(String subject, String fact, String advice) {
    return new Finding(Level.PROBLEM, subject, fact, advice);
  }
}
