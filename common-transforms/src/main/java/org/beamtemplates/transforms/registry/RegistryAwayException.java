package org.beamtemplates.transforms.registry;

import org.beamtemplates.transforms.retry.AwayException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** One attempt got no answer that a working registry gives. The message says why, as a clause. */
final class RegistryAwayException extends AwayException {

  private static final long serialVersionUID = 1L;

  RegistryAwayException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
