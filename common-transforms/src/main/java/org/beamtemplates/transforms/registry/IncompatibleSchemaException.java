package org.beamtemplates.transforms.registry;

/**
 * The registry refuses a schema: it is not valid, or it breaks the subject's rule of compatibility.
 * Trying again does not help; the schema or the rule has to be changed. The message is the
 * registry's.
 *
 * <p>It is no fault of a record, so it must not become a dead letter.
 */
public final class IncompatibleSchemaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  IncompatibleSchemaException(String message) {
    super(message);
  }
}
