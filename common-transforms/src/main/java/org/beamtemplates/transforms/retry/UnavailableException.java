package org.beamtemplates.transforms.retry;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A service stayed away for longer than anybody waits. Nothing is wrong with the record: let the
 * exception pass, so that the runner tries the bundle again.
 */
public class UnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
