package org.beamtemplates.transforms.codec;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record that can never be decoded. The message says what is wrong with it.
 *
 * <p>It carries no stack trace: the message says all, and a storm of poison records must stay
 * cheap.
 */
public final class DecodeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final @Nullable Integer schemaId;

  public DecodeException(String message) {
    this(message, null, null);
  }

  public DecodeException(String message, @Nullable Throwable cause) {
    this(message, cause, null);
  }

  /** An error in a record that names the schema of its writer. */
  public DecodeException(String message, @Nullable Throwable cause, @Nullable Integer schemaId) {
    super(message, cause, false, false);
    this.schemaId = schemaId;
  }

  /** Returns the id of the writer's schema, or null if the record names none. */
  public @Nullable Integer schemaId() {
    return schemaId;
  }
}
