package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Streams through a document, guided by the readers of the schema. */
final class JsonDecoder<T extends SpecificRecord> extends SpecificDecoder<T> {

  private static final long serialVersionUID = 1L;

  private transient @Nullable JsonFactory factory;
  private transient @Nullable JsonReader root;

  JsonDecoder(SpecificType<T> type) {
    super(type);
    JsonReaders.of(type); // Refuses schemas that JSON cannot express, at construction.
  }

  @Override
  public void open() {
    if (factory == null) {
      factory = PlainJson.factory();
      root = JsonReaders.of(specificType());
    }
  }

  @Override
  public T decode(RawRecord record) throws DecodeException {
    byte[] value = record.value();
    if (value == null) {
      throw new DecodeException("No value: a tombstone is not a JSON object");
    }
    open();
    try (JsonParser parser = factory.createParser(value)) {
      return read(parser);
    } catch (IOException e) {
      throw new DecodeException("Malformed JSON: " + Text.shorten(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public String contentType() {
    return MediaTypes.JSON;
  }

  private T read(JsonParser parser) throws DecodeException {
    try {
      if (parser.nextToken() == null) {
        throw new DecodeException("An empty value is not a JSON object");
      }
      Object value = root.read(parser);
      if (parser.nextToken() != null) {
        throw new DecodeException(
            "Something follows after the JSON object, before byte "
                + parser.getCurrentLocation().getByteOffset());
      }
      return specificType().type().cast(value);
    } catch (IOException e) {
      throw JsonErrors.malformed(parser, e);
    }
  }
}
