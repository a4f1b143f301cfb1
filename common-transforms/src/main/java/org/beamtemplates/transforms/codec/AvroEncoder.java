package org.beamtemplates.transforms.codec;

import org.apache.avro.specific.SpecificRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes Avro bodies behind a header that is known from the start. */
final class AvroEncoder<T extends SpecificRecord> implements Encoder<T> {

  private static final long serialVersionUID = 1L;

  private final SpecificType<T> type;
  private final byte[] header;
  private final String contentType;
  private transient @Nullable AvroBodyWriter<T> writer;

  AvroEncoder(SpecificType<T> type, byte[] header, String contentType) {
    this.type = type;
    this.header = header.clone();
    this.contentType = contentType;
  }

  @Override
  public byte[] encode(T value) throws EncodeException {
    if (writer == null) {
      writer = new AvroBodyWriter<>(type, header);
    }
    return writer.write(value);
  }

  @Override
  public String contentType() {
    return contentType;
  }
}
