package org.beamtemplates.transforms.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.specific.SpecificRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes a record into a buffer that is reused, guided by the writers of the schema. */
final class JsonEncoder<T extends SpecificRecord> implements Encoder<T> {

  private static final long serialVersionUID = 1L;

  private static final int INITIAL_SIZE = 512;

  private final SpecificType<T> type;
  private transient @Nullable ByteArrayOutputStream out;
  private transient @Nullable JsonFactory factory;
  private transient @Nullable JsonWriter root;

  JsonEncoder(SpecificType<T> type) {
    this.type = type;
    JsonWriters.of(type); // Refuses schemas that JSON cannot express, at construction.
  }

  @Override
  public void open() {
    if (factory == null) {
      factory = PlainJson.factory();
      out = new ByteArrayOutputStream(INITIAL_SIZE);
      root = JsonWriters.of(type);
    }
  }

  @Override
  public byte[] encode(T value) throws EncodeException {
    open();
    out.reset();
    try (JsonGenerator generator = factory.createGenerator(out)) {
      write(value, generator);
    } catch (IOException e) {
      throw new EncodeException("Cannot encode " + name() + ": " + message(e), e);
    }
    return out.toByteArray();
  }

  @Override
  public String contentType() {
    return MediaTypes.JSON;
  }

  private void write(T value, JsonGenerator generator) throws EncodeException {
    try {
      root.write(value, generator);
    } catch (IOException | RuntimeException e) {
      throw new EncodeException(
          "Cannot encode "
              + name()
              + ": "
              + JsonPath.of(generator.getOutputContext())
              + ": "
              + message(e),
          e);
    }
  }

  private String name() {
    return type.type().getSimpleName();
  }

  private static String message(Exception e) {
    return Text.shorten(String.valueOf(e.getMessage()));
  }
}
