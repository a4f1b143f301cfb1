package org.beamtemplates.transforms.ingest;

/** A record that was decoded, but breaks a rule. Its message says all: it has no stack. */
final class InvalidRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidRecordException(String complaint) {
    super(complaint, null, false, false);
  }
}
