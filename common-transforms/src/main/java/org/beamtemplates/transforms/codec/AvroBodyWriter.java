package org.beamtemplates.transforms.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes records of a class behind a header. Buffer and encoder are reused. */
final class AvroBodyWriter<T extends SpecificRecord> {

  private static final int INITIAL_SIZE = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_SIZE);
  private final SpecificDatumWriter<T> writer;
  private final String name;
  private final byte[] header;
  private @Nullable BinaryEncoder encoder;

  AvroBodyWriter(SpecificType<T> type, byte[] header) {
    this.writer = new SpecificDatumWriter<>(type.schema(), type.model());
    this.name = type.type().getSimpleName();
    this.header = header;
  }

  byte[] write(T value) throws EncodeException {
    out.reset();
    out.writeBytes(header);
    BinaryEncoder reusable = EncoderFactory.get().binaryEncoder(out, encoder);
    encoder = null; // What an error leaves in the encoder must not get into the next record.
    try {
      writer.write(value, reusable);
      reusable.flush();
    } catch (IOException | RuntimeException e) {
      throw new EncodeException(
          "Cannot encode " + name + ": " + Text.shorten(String.valueOf(e.getMessage())), e);
    }
    encoder = reusable;
    return out.toByteArray();
  }
}
