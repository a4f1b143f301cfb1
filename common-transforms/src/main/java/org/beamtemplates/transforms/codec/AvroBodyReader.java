package org.beamtemplates.transforms.codec;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.beamtemplates.schemas.Incompatibility;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the bodies of one writer's schema as the records of a class, whose schema is the reader's.
 * A schema that does not fit is found out once, and costs nothing per record.
 */
final class AvroBodyReader<T extends SpecificRecord> {

  private static final int SHOWN_REASONS = 3;

  private final BoundedDecoder decoder = new BoundedDecoder();
  private final String name;
  private final @Nullable Integer schemaId;
  private final @Nullable DatumReader<T> reader;
  private final @Nullable String misfit;

  /**
   * @param schemaId what the registry calls the writer's schema, or null
   */
  AvroBodyReader(SpecificType<T> type, Schema writer, @Nullable Integer schemaId) {
    this.name = type.type().getSimpleName();
    this.schemaId = schemaId;
    Schema pinned = type.schema();
    List<Incompatibility> misfits = Incompatibility.between(pinned, writer);
    SpecificData model = type.model();
    model.setCustomCoders(true); // Generated code takes a third less time.
    this.reader = misfits.isEmpty() ? new SpecificDatumReader<>(writer, pinned, model) : null;
    this.misfit = misfits.isEmpty() ? null : describe(writer, misfits);
  }

  /** Reads the body that reaches from {@code offset} to the end. */
  T read(byte[] bytes, int offset) throws DecodeException {
    start(bytes, offset);
    try {
      T value = next();
      if (decoder.remaining() > 0) {
        throw broken(
            decoder.remaining() + " bytes are left over after " + decoder.consumed(), null);
      }
      return value;
    } finally {
      decoder.clear();
    }
  }

  /** Reads the body that begins at {@code offset}, whatever follows it. */
  T readBeginning(byte[] bytes, int offset) throws DecodeException {
    start(bytes, offset);
    try {
      return next();
    } finally {
      decoder.clear();
    }
  }

  /** Starts to read bodies that follow each other. */
  void start(byte[] bytes, int offset) {
    decoder.reset(bytes, offset);
  }

  /** Returns how many bytes have been read since the start. */
  int consumed() {
    return decoder.consumed();
  }

  /** Reads the next body. */
  T next() throws DecodeException {
    if (reader == null) {
      throw new DecodeException(String.valueOf(misfit), null, schemaId);
    }
    try {
      @SuppressWarnings("nullness") // There is no old record to reuse.
      T value = reader.read(null, decoder);
      return value;
    } catch (BoundedDecoder.MalformedException e) {
      throw broken(String.valueOf(e.getMessage()), null);
    } catch (IndexOutOfBoundsException e) {
      throw broken(
          "before byte "
              + decoder.consumed()
              + " of the body, a union branch or symbol that the writer's schema does not have",
          null);
    } catch (IOException | RuntimeException e) {
      throw broken(Text.shorten(String.valueOf(e.getMessage())), e);
    } catch (StackOverflowError e) {
      throw broken("it is nested too deeply", null);
    }
  }

  private DecodeException broken(String what, @Nullable Throwable cause) {
    return new DecodeException("Not an Avro body of " + name + ": " + what, cause, schemaId);
  }

  private String describe(Schema writer, List<Incompatibility> misfits) {
    String reasons =
        misfits.stream()
            .limit(SHOWN_REASONS)
            .map(Incompatibility::toString)
            .collect(Collectors.joining("; "));
    int more = misfits.size() - SHOWN_REASONS;
    return "The writer's schema "
        + (schemaId == null ? "" : schemaId + ", ")
        + (writer.getType() == Schema.Type.RECORD ? writer.getFullName() : writer.getType())
        + ", cannot be read as "
        + name
        + ": "
        + reasons
        + (more > 0 ? "; and " + more + " more" : "");
  }
}
