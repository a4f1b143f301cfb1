package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Turns a schema into a tree of readers, once, so that no record has to look at the schema. */
final class JsonReaders {

  private final SpecificData model;
  private final Map<String, JsonRecordReader> records = new HashMap<>();

  private JsonReaders(SpecificData model) {
    this.model = model;
  }

  static JsonReader of(SpecificType<?> type) {
    return new JsonReaders(type.model()).reader(type.schema());
  }

  private JsonReader reader(Schema schema) {
    JsonReader raw = rawReader(schema);
    LogicalType logicalType = schema.getLogicalType();
    Conversion<?> conversion = logicalType == null ? null : model.getConversionFor(logicalType);
    if (conversion == null) {
      return raw;
    }
    return parser -> {
      Object value = raw.read(parser);
      try {
        return Conversions.convertToLogicalType(value, schema, logicalType, conversion);
      } catch (RuntimeException e) {
        throw JsonErrors.unexpected(parser, "a value of type " + logicalType.getName());
      }
    };
  }

  private JsonReader rawReader(Schema schema) {
    return switch (schema.getType()) {
      case BOOLEAN -> JsonScalars::readBoolean;
      case INT -> JsonScalars::readInt;
      case LONG -> JsonScalars::readLong;
      case FLOAT -> JsonScalars::readFloat;
      case DOUBLE -> JsonScalars::readDouble;
      case STRING -> JsonScalars::readString;
      case BYTES -> parser -> ByteBuffer.wrap(JsonScalars.readBytes(parser));
      case NULL -> JsonScalars::readNull;
      case ENUM -> parser -> readEnum(parser, schema);
      case FIXED -> parser -> readFixed(parser, schema);
      case ARRAY -> array(reader(schema.getElementType()));
      case MAP -> map(reader(schema.getValueType()));
      case UNION -> union(schema);
      case RECORD -> record(schema);
    };
  }

  private JsonReader record(Schema schema) {
    JsonRecordReader known = records.get(schema.getFullName());
    if (known != null) {
      return known;
    }
    JsonRecordReader reader = new JsonRecordReader(model, schema);
    records.put(schema.getFullName(), reader);
    schema.getFields().forEach(field -> reader.add(field, reader(field.schema())));
    return reader;
  }

  private JsonReader union(Schema schema) {
    Schema branch = NullableUnion.branch(schema);
    JsonReader reader = reader(branch);
    if (!schema.isNullable()) {
      return reader;
    }
    return parser -> parser.currentToken() == JsonToken.VALUE_NULL ? null : reader.read(parser);
  }

  private static JsonReader array(JsonReader items) {
    return parser -> {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw JsonErrors.unexpected(parser, "an array");
      }
      List<@Nullable Object> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(items.read(parser));
      }
      return values;
    };
  }

  private static JsonReader map(JsonReader values) {
    return parser -> {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw JsonErrors.unexpected(parser, "an object");
      }
      Map<String, @Nullable Object> entries = new HashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.getCurrentName();
        parser.nextToken();
        if (entries.containsKey(key)) {
          throw JsonErrors.at(parser, "the name appears twice");
        }
        entries.put(key, values.read(parser));
      }
      return entries;
    };
  }

  private Object readEnum(JsonParser parser, Schema schema) throws IOException, DecodeException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw JsonErrors.unexpected(parser, "a symbol of " + schema.getName());
    }
    String symbol = parser.getText();
    if (schema.hasEnumSymbol(symbol)) {
      return model.createEnum(symbol, schema);
    }
    if (schema.getEnumDefault() == null) {
      throw JsonErrors.unexpected(
          parser, "one of " + Text.shorten(schema.getEnumSymbols().toString()));
    }
    return model.createEnum(schema.getEnumDefault(), schema);
  }

  private Object readFixed(JsonParser parser, Schema schema) throws IOException, DecodeException {
    byte[] bytes = JsonScalars.readBytes(parser);
    if (bytes.length != schema.getFixedSize()) {
      throw JsonErrors.at(
          parser, "expected " + schema.getFixedSize() + " bytes, found " + bytes.length);
    }
    GenericData data = model;
    return data.createFixed(null, bytes, schema);
  }
}
