package org.beamtemplates.transforms.codec;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.beamtemplates.transforms.registry.UnknownSchemaException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Keeps a reader for every schema id that it has met; the last one is at hand. */
final class ConfluentAvroDecoder<T extends SpecificRecord> extends SpecificDecoder<T> {

  private static final long serialVersionUID = 1L;

  private final SchemaRegistry registry;
  private transient @Nullable Map<Integer, AvroBodyReader<T>> readers;
  private transient @Nullable AvroBodyReader<T> lastReader;
  private transient int lastId;

  ConfluentAvroDecoder(SpecificType<T> type, SchemaRegistry registry) {
    super(type);
    this.registry = registry;
  }

  @Override
  public T decode(RawRecord record) throws DecodeException {
    byte[] value = record.value();
    int id = ConfluentWireFormat.schemaId(value);
    return reader(id).read(value, ConfluentWireFormat.HEADER_LENGTH);
  }

  @Override
  public String contentType() {
    return MediaTypes.CONFLUENT_AVRO;
  }

  private AvroBodyReader<T> reader(int id) throws DecodeException {
    AvroBodyReader<T> last = lastReader;
    if (last != null && lastId == id) {
      return last;
    }
    if (readers == null) {
      readers = new HashMap<>();
    }
    AvroBodyReader<T> reader = readers.get(id);
    if (reader == null) {
      reader = newReader(id);
      readers.put(id, reader);
    }
    lastReader = reader;
    lastId = id;
    return reader;
  }

  private AvroBodyReader<T> newReader(int id) throws DecodeException {
    try {
      return new AvroBodyReader<>(specificType(), registry.schemaById(id), id);
    } catch (UnknownSchemaException e) {
      throw new DecodeException("Unknown schema: " + e.getMessage(), null, id);
    }
  }
}
