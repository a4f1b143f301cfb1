package org.beamtemplates.transforms.deliver.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Dead letters as rows. A dead letter must not become one: what PostgreSQL cannot store in a text
 * is replaced, and a time that it cannot store is left out.
 */
final class DeadLetterTable {

  private static final char REPLACEMENT = '\ufffd';

  /** The years 1 to 9999, which every tool can show. */
  private static final long FIRST_MILLIS = -62_135_596_800_000L;

  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final JsonFactory JSON = new JsonFactory();

  private DeadLetterTable() {}

  static JdbcTable<DeadLetter> named(String table) {
    return JdbcTable.insertOnly(
        table,
        List.of(text("id", DeadLetter::getId)),
        List.of(
            text("category", DeadLetter::getCategory),
            text("pipeline", DeadLetter::getPipeline),
            text("template_version", DeadLetter::getTemplateVersion),
            text("stage", DeadLetter::getStage),
            text("source", DeadLetter::getSource),
            text("source_type", DeadLetter::getSourceType),
            number("partition", DeadLetter::getPartition),
            number("offset", DeadLetter::getOffset),
            time("source_time", DeadLetter::getSourceTimestampMs),
            time("event_time", DeadLetter::getEventTimeMs),
            time("window_start", DeadLetter::getWindowStartMs),
            time("window_end", DeadLetter::getWindowEndMs),
            time("watermark", DeadLetter::getWatermarkMs),
            time("first_failure", DeadLetter::getFirstFailureMs),
            time("last_failure", DeadLetter::getLastFailureMs),
            number("attempts", DeadLetter::getAttempts),
            text("previous_id", DeadLetter::getPreviousId),
            text("error_class", DeadLetter::getErrorClass),
            text("error_message", DeadLetter::getErrorMessage),
            text("error_stack", DeadLetter::getErrorStack),
            Column.bool("replayable", DeadLetter::getReplayable),
            Column.bool("reencoded", DeadLetter::getReencoded),
            Column.json("redacted", DeadLetterTable::redacted),
            text("content_type", DeadLetter::getContentType),
            number("schema_id", DeadLetter::getSchemaId),
            Column.bytes("key", letter -> bytes(letter.getKey())),
            Column.json("headers", DeadLetterTable::headers),
            Column.bytes("payload", letter -> bytes(letter.getPayload())),
            number("payload_size", DeadLetter::getPayloadSize),
            text("payload_reference", DeadLetter::getPayloadReference)));
  }

  private static Column<DeadLetter> text(
      String name, SerializableFunction<DeadLetter, @Nullable String> getter) {
    return Column.text(name, letter -> storable(getter.apply(letter)));
  }

  private static Column<DeadLetter> number(
      String name, SerializableFunction<DeadLetter, ? extends @Nullable Number> getter) {
    return Column.bigint(
        name,
        letter -> {
          Number number = getter.apply(letter);
          return number == null ? null : number.longValue();
        });
  }

  private static Column<DeadLetter> time(
      String name, SerializableFunction<DeadLetter, @Nullable Long> getter) {
    return Column.timestamp(
        name,
        letter -> {
          Long millis = getter.apply(letter);
          return millis == null || millis < FIRST_MILLIS || millis > LAST_MILLIS ? null : millis;
        });
  }

  /** Replaces NUL and halves of surrogate pairs. */
  static @Nullable String storable(@Nullable String text) {
    if (text == null || Row.problem(text) == null) {
      return text;
    }
    StringBuilder storable = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == 0 || (c >= 0xd800 && c <= 0xdfff) ? REPLACEMENT : c)
        .forEach(storable::appendCodePoint);
    return storable.toString();
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static String redacted(DeadLetter letter) {
    return json(
        json -> {
          for (String path : letter.getRedacted()) {
            json.writeString(storable(path));
          }
        });
  }

  private static String headers(DeadLetter letter) {
    return json(
        json -> {
          for (RecordHeader header : letter.getHeaders()) {
            json.writeStartObject();
            json.writeStringField("name", storable(header.getName()));
            json.writeFieldName("value");
            byte[] value = bytes(header.getValue());
            if (value == null) {
              json.writeNull();
            } else {
              json.writeBinary(value);
            }
            json.writeEndObject();
          }
        });
  }

  @FunctionalInterface
  private interface Items {

    void write(JsonGenerator json) throws IOException;
  }

  private static String json(Items items) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      items.write(json);
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes whatever is written", e);
    }
    return text.toString();
  }
}
