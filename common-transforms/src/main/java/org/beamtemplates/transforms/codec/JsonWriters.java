package org.beamtemplates.transforms.codec;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Turns a schema into a tree of writers; the counterpart of {@link JsonReaders}. */
final class JsonWriters {

  private final SpecificData model;
  private final Map<String, RecordWriter> records = new HashMap<>();

  private JsonWriters(SpecificData model) {
    this.model = model;
  }

  static JsonWriter of(SpecificType<?> type) {
    return new JsonWriters(type.model()).writer(type.schema());
  }

  private JsonWriter writer(Schema schema) {
    JsonWriter raw = rawWriter(schema);
    LogicalType logicalType = schema.getLogicalType();
    Conversion<?> conversion = logicalType == null ? null : model.getConversionFor(logicalType);
    if (conversion == null) {
      return raw;
    }
    return (value, generator) ->
        raw.write(
            Conversions.convertToRawType(nonNull(value), schema, logicalType, conversion),
            generator);
  }

  private JsonWriter rawWriter(Schema schema) {
    return switch (schema.getType()) {
      case BOOLEAN -> (value, generator) -> generator.writeBoolean((Boolean) nonNull(value));
      case INT -> (value, generator) -> generator.writeNumber((Integer) nonNull(value));
      case LONG -> (value, generator) -> generator.writeNumber((Long) nonNull(value));
      case FLOAT -> (value, generator) -> writeFloat((Float) nonNull(value), generator);
      case DOUBLE -> (value, generator) -> writeDouble((Double) nonNull(value), generator);
      case STRING, ENUM -> (value, generator) -> generator.writeString(nonNull(value).toString());
      case BYTES -> (value, generator) -> writeBytes((ByteBuffer) nonNull(value), generator);
      case FIXED ->
          (value, generator) ->
              writeBytes(ByteBuffer.wrap(((GenericFixed) nonNull(value)).bytes()), generator);
      case NULL -> (value, generator) -> generator.writeNull();
      case ARRAY -> array(writer(schema.getElementType()));
      case MAP -> map(writer(schema.getValueType()));
      case UNION -> union(schema);
      case RECORD -> record(schema);
    };
  }

  private JsonWriter record(Schema schema) {
    RecordWriter known = records.get(schema.getFullName());
    if (known != null) {
      return known;
    }
    RecordWriter writer = new RecordWriter();
    records.put(schema.getFullName(), writer);
    schema.getFields().forEach(field -> writer.add(field.name(), writer(field.schema())));
    return writer;
  }

  private JsonWriter union(Schema schema) {
    JsonWriter writer = writer(NullableUnion.branch(schema));
    if (!schema.isNullable()) {
      return writer;
    }
    return (value, generator) -> {
      if (value == null) {
        generator.writeNull();
      } else {
        writer.write(value, generator);
      }
    };
  }

  private static JsonWriter array(JsonWriter items) {
    return (value, generator) -> {
      Iterable<?> values = (Iterable<?>) nonNull(value);
      generator.writeStartArray();
      for (Object item : values) {
        items.write(item, generator);
      }
      generator.writeEndArray();
    };
  }

  private static JsonWriter map(JsonWriter values) {
    return (value, generator) -> {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      ((Map<?, ?>) nonNull(value)).forEach((key, entry) -> sorted.put(key.toString(), entry));
      generator.writeStartObject();
      for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
        generator.writeFieldName(entry.getKey());
        values.write(entry.getValue(), generator);
      }
      generator.writeEndObject();
    };
  }

  private static void writeFloat(float value, JsonGenerator generator) throws IOException {
    if (Float.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeString(Float.toString(value));
    }
  }

  private static void writeDouble(double value, JsonGenerator generator) throws IOException {
    if (Double.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeString(Double.toString(value));
    }
  }

  private static void writeBytes(ByteBuffer value, JsonGenerator generator) throws IOException {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    generator.writeString(Base64.getEncoder().encodeToString(bytes));
  }

  private static Object nonNull(@Nullable Object value) {
    return requireNonNull(value, "null, which the schema does not allow");
  }

  /** Writes all fields in the order of the schema. */
  private static final class RecordWriter implements JsonWriter {

    private record Field(String name, JsonWriter writer) {}

    private final List<Field> fields = new ArrayList<>();

    void add(String name, JsonWriter writer) {
      fields.add(new Field(name, writer));
    }

    @Override
    public void write(@Nullable Object value, JsonGenerator generator) throws IOException {
      IndexedRecord record = (IndexedRecord) nonNull(value);
      generator.writeStartObject();
      for (int i = 0; i < fields.size(); i++) {
        generator.writeFieldName(fields.get(i).name());
        fields.get(i).writer().write(record.get(i), generator);
      }
      generator.writeEndObject();
    }
  }
}
