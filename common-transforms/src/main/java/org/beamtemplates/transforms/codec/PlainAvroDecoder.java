package org.beamtemplates.transforms.codec;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads bodies without any header. */
final class PlainAvroDecoder<T extends SpecificRecord> extends SpecificDecoder<T> {

  private static final long serialVersionUID = 1L;

  private final Schema writer;
  private transient @Nullable AvroBodyReader<T> reader;

  PlainAvroDecoder(SpecificType<T> type, Schema writer) {
    super(type);
    this.writer = writer;
  }

  @Override
  public T decode(RawRecord record) throws DecodeException {
    byte[] value = record.value();
    if (value == null) {
      throw new DecodeException("No value: a tombstone is not an Avro body");
    }
    if (reader == null) {
      reader = new AvroBodyReader<>(specificType(), writer, null);
    }
    return reader.read(value, 0);
  }

  @Override
  public String contentType() {
    return MediaTypes.PLAIN_AVRO;
  }
}
