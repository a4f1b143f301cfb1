package org.beamtemplates.transforms.codec;

import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Registers the schema with the first value, because only then it is sure to be needed. */
final class ConfluentAvroEncoder<T extends SpecificRecord> implements Encoder<T> {

  private static final long serialVersionUID = 1L;

  private final SpecificType<T> type;
  private final SchemaRegistry registry;
  private final String subject;
  private transient @Nullable AvroBodyWriter<T> writer;

  ConfluentAvroEncoder(SpecificType<T> type, SchemaRegistry registry, String subject) {
    this.type = type;
    this.registry = registry;
    this.subject = subject;
  }

  @Override
  public byte[] encode(T value) throws EncodeException {
    if (writer == null) {
      int id = registry.register(subject, type.schema());
      writer = new AvroBodyWriter<>(type, ConfluentWireFormat.header(id));
    }
    return writer.write(value);
  }

  @Override
  public String contentType() {
    return MediaTypes.CONFLUENT_AVRO;
  }
}
