package org.beamtemplates.transforms.registry;

import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The registry stayed away for longer than anybody waits. Nothing is wrong with the record: let the
 * exception pass, so that the runner tries the bundle again.
 */
public final class RegistryUnavailableException extends UnavailableException {

  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
