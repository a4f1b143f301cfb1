package org.beamtemplates.transforms.codec;

import java.io.Serializable;

/**
 * Turns a value into the bytes of one record. Implement it to write a format that is not here.
 *
 * <p>An encoder is serialized with the pipeline. Buffers and clients are transient and made in
 * {@link #open()}, which every worker calls once before the first value. An instance is used by one
 * thread at a time.
 *
 * @param <T> type of the values
 */
public interface Encoder<T> extends Serializable {

  /** Prepares the encoder on a worker; makes no call to the network. Opening twice is harmless. */
  default void open() {}

  /**
   * Encodes a value. The caller owns the array.
   *
   * @throws EncodeException if the value can never be encoded. Any other exception is no fault of
   *     the value (a schema that the registry refuses, a registry that is away): let it pass
   */
  byte[] encode(T value) throws EncodeException;

  /** Returns the media type of the bytes. */
  String contentType();
}
