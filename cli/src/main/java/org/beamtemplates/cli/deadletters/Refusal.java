package org.beamtemplates.cli.deadletters;

/** Why something cannot be done as it was asked for; the message is all there is to say. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }
}
