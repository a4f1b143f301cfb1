package org.beamtemplates.cli.create;

/** What cannot be made: which argument, what was given, what is allowed, what to do. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }
}
