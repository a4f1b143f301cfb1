package org.beamtemplates.cli.profile;

/** A profile that cannot be taken as asked: the message is all there is to say. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }
}
