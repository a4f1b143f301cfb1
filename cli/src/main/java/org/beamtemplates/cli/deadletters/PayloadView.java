package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.beamtemplates.transforms.codec.MediaTypes;

/** A payload as text for people: decoded if that can be, else its bytes and why. */
final class PayloadView {

  private static final int CONFLUENT_HEADER = 5;
  private static final int SINGLE_OBJECT_HEADER = 10;
  private static final int SHOWN = 4_096;

  private final Schemas schemas;
  private final boolean full;

  /**
   * Makes a view.
   *
   * @param full whether to show all bytes of what cannot be decoded, and not the first 4 KB
   */
  PayloadView(Schemas schemas, boolean full) {
    this.schemas = schemas;
    this.full = full;
  }

  /** Returns lines; the first says what they are. */
  String of(byte[] payload, String contentType) {
    try {
      return "Decoded as " + decoded(payload, contentType);
    } catch (UndecodedException e) {
      return "Not decoded: "
          + e.getMessage()
          + "\n"
          + HexDump.of(payload, full ? Integer.MAX_VALUE : SHOWN);
    }
  }

  private String decoded(byte[] payload, String contentType) throws UndecodedException {
    if (payload.length == 0) {
      throw new UndecodedException("it is empty");
    }
    String type =
        contentType.contains(";")
            ? contentType.substring(0, contentType.indexOf(';')).strip()
            : contentType;
    return switch (type) {
      case MediaTypes.JSON -> "JSON:\n" + Texts.lines(AvroJson.ofJson(payload), "");
      case MediaTypes.CONFLUENT_AVRO -> confluent(payload);
      case MediaTypes.SINGLE_OBJECT_AVRO -> singleObject(payload);
      case MediaTypes.PLAIN_AVRO ->
          avro(
              schemas
                  .given()
                  .orElseThrow(
                      () ->
                          new UndecodedException(
                              "the body names no schema: give it with --schema")),
              payload,
              0);
      default -> {
        if (type.startsWith("text/")) {
          yield "text:\n" + Texts.lines(text(payload), "");
        }
        throw new UndecodedException("nothing here reads " + Texts.line(contentType, 80));
      }
    };
  }

  private String confluent(byte[] payload) throws UndecodedException {
    if (payload[0] != 0) {
      throw new UndecodedException(
          "Confluent's wire format begins with 0x00, this with 0x%02x".formatted(payload[0]));
    }
    if (payload.length < CONFLUENT_HEADER) {
      throw new UndecodedException(
          "Confluent's wire format begins with 5 bytes, here are " + payload.length);
    }
    int id = ByteBuffer.wrap(payload, 1, Integer.BYTES).getInt();
    return avro(schemas.ofId(id), payload, CONFLUENT_HEADER);
  }

  private String singleObject(byte[] payload) throws UndecodedException {
    if (payload.length < SINGLE_OBJECT_HEADER || payload[0] != (byte) 0xc3 || payload[1] != 1) {
      throw new UndecodedException("Avro's single-object encoding begins with 10 bytes, c3 01 …");
    }
    long print = ByteBuffer.wrap(payload, 2, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Schema schema =
        schemas
            .given()
            .orElseThrow(
                () ->
                    new UndecodedException(
                        "its schema has the fingerprint %016x: give it with --schema"
                            .formatted(print)));
    if (SchemaNormalization.parsingFingerprint64(schema) != print) {
      throw new UndecodedException(
          "its schema has the fingerprint %016x, that of --schema is %016x"
              .formatted(print, SchemaNormalization.parsingFingerprint64(schema)));
    }
    return avro(schema, payload, SINGLE_OBJECT_HEADER);
  }

  private static String avro(Schema schema, byte[] payload, int offset) throws UndecodedException {
    return schema.getFullName() + ":\n" + Texts.lines(AvroJson.of(schema, payload, offset), "");
  }

  private static String text(byte[] payload) throws UndecodedException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      throw new UndecodedException("it is no text in UTF-8");
    }
  }
}
