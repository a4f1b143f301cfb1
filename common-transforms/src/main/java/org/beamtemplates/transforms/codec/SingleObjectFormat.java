package org.beamtemplates.transforms.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Avro's single-object encoding: the bytes C3 01, the CRC-64-AVRO fingerprint of the writer's
 * schema (little endian), the body.
 */
final class SingleObjectFormat {

  static final int HEADER_LENGTH = 10;

  private static final byte FIRST = (byte) 0xc3;
  private static final byte SECOND = 1;

  private SingleObjectFormat() {}

  static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** Returns the fingerprint of a record's schema. */
  static long fingerprint(byte @Nullable [] value) throws DecodeException {
    if (value == null) {
      throw new DecodeException("No value: a tombstone is not in Avro's single-object encoding");
    }
    if (value.length < HEADER_LENGTH) {
      throw new DecodeException(
          "Truncated header: Avro's single-object encoding begins with 10 bytes, found "
              + value.length);
    }
    if (value[0] != FIRST || value[1] != SECOND) {
      throw new DecodeException(
          String.format(
              "Not in Avro's single-object encoding: it begins with 0x%02X%02X, not 0xC301",
              value[0], value[1]));
    }
    return ByteBuffer.wrap(value, 2, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Returns the header of records with this schema. */
  static byte[] header(Schema schema) {
    return ByteBuffer.allocate(HEADER_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(FIRST)
        .put(SECOND)
        .putLong(fingerprint(schema))
        .array();
  }
}
