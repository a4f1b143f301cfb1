package org.beamtemplates.cli.deadletters;

/** Why a payload cannot be shown decoded, as the rest of a sentence. */
final class UndecodedException extends Exception {

  private static final long serialVersionUID = 1L;

  UndecodedException(String message) {
    super(message, null, false, false);
  }
}
