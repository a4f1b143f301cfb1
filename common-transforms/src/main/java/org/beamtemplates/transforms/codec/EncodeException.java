package org.beamtemplates.transforms.codec;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value that can never be encoded. The message says what is wrong with it.
 *
 * <p>It carries no stack trace, for the same reasons as {@link DecodeException}.
 */
public final class EncodeException extends Exception {

  private static final long serialVersionUID = 1L;

  public EncodeException(String message) {
    this(message, null);
  }

  public EncodeException(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}
