package org.beamtemplates.transforms.deadletter;

import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Payloads of dead letters of values. */
final class Payloads {

  private Payloads() {}

  /**
   * Returns a value, encoded; null if it cannot be: then the letter has no payload, says so, and
   * the error tells why.
   */
  static <T> byte @Nullable [] encode(Encoder<T> encoder, T value, Throwable error) {
    try {
      return encoder.encode(value);
    } catch (EncodeException e) {
      if (e != error) {
        error.addSuppressed(e);
      }
      return null;
    }
  }
}
