package org.beamtemplates.transforms.codec;

import org.checkerframework.checker.nullness.qual.Nullable;

/** Confluent's wire format: a zero byte, the schema's id as four bytes (big endian), the body. */
final class ConfluentWireFormat {

  static final int HEADER_LENGTH = 5;

  private static final byte MAGIC = 0;

  private ConfluentWireFormat() {}

  /** Returns the schema id of a record. */
  static int schemaId(byte @Nullable [] value) throws DecodeException {
    if (value == null) {
      throw new DecodeException("No value: a tombstone is not a record in Confluent's wire format");
    }
    if (value.length == 0) {
      throw new DecodeException("An empty value is not a record in Confluent's wire format");
    }
    if (value[0] != MAGIC) {
      throw new DecodeException(
          String.format(
              "Not in Confluent's wire format: the first byte is 0x%02X, not 0x00", value[0]));
    }
    if (value.length < HEADER_LENGTH) {
      throw new DecodeException(
          "Truncated header: Confluent's wire format begins with 5 bytes, found " + value.length);
    }
    return (value[1] & 0xff) << 24
        | (value[2] & 0xff) << 16
        | (value[3] & 0xff) << 8
        | (value[4] & 0xff);
  }

  /** Returns the header of records with this schema. */
  static byte[] header(int schemaId) {
    return new byte[] {
      MAGIC,
      (byte) (schemaId >>> 24),
      (byte) (schemaId >>> 16),
      (byte) (schemaId >>> 8),
      (byte) schemaId
    };
  }
}
