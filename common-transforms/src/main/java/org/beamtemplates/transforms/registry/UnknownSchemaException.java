package org.beamtemplates.transforms.registry;

/**
 * No Avro schema is to be had by this id. The registry has answered: this is never thrown because
 * it is away.
 *
 * <p>It carries no stack trace, because ids come from the bytes of records and poison comes in
 * storms.
 */
public final class UnknownSchemaException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int schemaId;

  UnknownSchemaException(int schemaId, String message) {
    super(message, null, false, false);
    this.schemaId = schemaId;
  }

  /** Returns the id that was asked for. */
  public int schemaId() {
    return schemaId;
  }
}
