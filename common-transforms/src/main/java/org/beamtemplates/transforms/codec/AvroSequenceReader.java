package org.beamtemplates.transforms.codec;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads Avro bodies that follow each other in an array, as they do in a block of a container file.
 * Believes no length that it reads; used by one thread.
 *
 * @param <T> type of the values
 */
public final class AvroSequenceReader<T extends SpecificRecord> {

  private final AvroBodyReader<T> reader;

  private AvroSequenceReader(AvroBodyReader<T> reader) {
    this.reader = reader;
  }

  /** A reader of what was written with the schema {@code writer}. */
  public static <T extends SpecificRecord> AvroSequenceReader<T> of(Class<T> type, Schema writer) {
    return new AvroSequenceReader<>(new AvroBodyReader<>(new SpecificType<>(type), writer, null));
  }

  /** Starts to read an array at its beginning. */
  public void start(byte[] bytes) {
    reader.start(bytes, 0);
  }

  /**
   * Reads the next body.
   *
   * @throws DecodeException if it cannot be read; where the one after it begins is not known then
   */
  public T next() throws DecodeException {
    return reader.next();
  }

  /** Returns how many bytes have been read. */
  public int position() {
    return reader.consumed();
  }
}
