package org.beamtemplates.transforms.retry;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One attempt got no answer that a working service gives. The message says why, as a clause that
 * follows the name of the service, such as "does not answer".
 */
public class AwayException extends Exception {

  private static final long serialVersionUID = 1L;

  public AwayException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
