package org.beamtemplates.transforms.ingest;

import java.io.Serializable;
import java.util.Optional;

/**
 * Checks the content of a decoded value. Stateless.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface Validator<T> extends Serializable {

  /** Returns what is wrong with a value, or empty if it is fine. */
  Optional<String> complaint(T value);

  /** Takes every value. */
  static <T> Validator<T> none() {
    return value -> Optional.empty();
  }
}
