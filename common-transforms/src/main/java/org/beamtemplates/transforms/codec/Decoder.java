package org.beamtemplates.transforms.codec;

import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * Turns the bytes of one record into a value. Implement it to read a format that is not here.
 *
 * <p>A decoder is serialized with the pipeline. Parsers, clients and caches are transient and made
 * in {@link #open()}, which every worker calls once before the first record. An instance is used by
 * one thread at a time.
 *
 * @param <T> type of the values
 */
public interface Decoder<T> extends Serializable {

  /** Prepares the decoder on a worker. Opening twice is harmless. */
  default void open() {}

  /**
   * Decodes a record.
   *
   * <p>Infrastructure that is away (a schema registry) is waited for and retried in here; it is
   * never a reason to give a record up.
   *
   * @throws DecodeException if the record can never be decoded. Any other exception is treated the
   *     same, but costs more and says less; the exception is {@link
   *     org.beamtemplates.transforms.registry.RegistryUnavailableException}, which makes the runner
   *     try again
   */
  T decode(RawRecord record) throws DecodeException;

  /** Returns the type of the values. */
  TypeDescriptor<T> type();

  /** Returns the coder of the values. */
  Coder<T> coder();

  /** Returns the media type of the bytes that this decoder reads, for dead letters. */
  String contentType();
}
