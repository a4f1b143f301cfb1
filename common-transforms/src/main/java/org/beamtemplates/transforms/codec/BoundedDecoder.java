package org.beamtemplates.transforms.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Reads Avro's binary encoding from a part of an array, and believes nothing that it reads: every
 * length is held against the bytes that are left before anything is allocated.
 *
 * <p>Avro's own decoder allocates what a length says, and random bytes say two gigabytes. Its
 * limits are properties of the JVM, which a library has no business to set, and are not relative to
 * the record.
 */
final class BoundedDecoder extends Decoder {

  /** What is wrong with the bytes. Carries no stack trace. */
  static final class MalformedException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** How many items that take no bytes (null, records without fields) a record may have. */
  private static final int EMPTY_ITEMS = 1024;

  private static final int MAX_INT_BYTES = 5;
  private static final int MAX_LONG_BYTES = 10;

  private byte[] bytes = new byte[0];
  private int start;
  private int position;
  private int end;
  private long itemsLeft;

  /** Starts to read {@code bytes} at {@code offset}; the body reaches to the end of the array. */
  void reset(byte[] bytes, int offset) {
    this.bytes = bytes;
    this.start = offset;
    this.position = offset;
    this.end = bytes.length;
    this.itemsLeft = (long) (end - offset) + EMPTY_ITEMS;
  }

  /** Lets go of the array. */
  void clear() {
    reset(new byte[0], 0);
  }

  /** Returns how many bytes have not been read. */
  int remaining() {
    return end - position;
  }

  /** Returns how many bytes of the body have been read. */
  int consumed() {
    return position - start;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    require(1, "a boolean");
    byte value = bytes[position];
    if (value != 0 && value != 1) {
      throw malformed("a boolean is 0 or 1, found " + value);
    }
    position++;
    return value == 1;
  }

  @Override
  public int readInt() throws IOException {
    int value = 0;
    for (int i = 0; i < MAX_INT_BYTES; i++) {
      require(1, "a number");
      byte next = bytes[position++];
      if (i == MAX_INT_BYTES - 1 && (next & 0xf0) != 0) {
        break;
      }
      value |= (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw malformed("a number does not fit into an int");
  }

  @Override
  public long readLong() throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_LONG_BYTES; i++) {
      require(1, "a number");
      byte next = bytes[position++];
      if (i == MAX_LONG_BYTES - 1 && (next & 0xfe) != 0) {
        break;
      }
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw malformed("a number does not fit into a long");
  }

  @Override
  public float readFloat() throws IOException {
    require(Float.BYTES, "a float");
    return Float.intBitsToFloat(littleEndianInt());
  }

  @Override
  public double readDouble() throws IOException {
    require(Double.BYTES, "a double");
    long low = littleEndianInt() & 0xffffffffL;
    long high = littleEndianInt() & 0xffffffffL;
    return Double.longBitsToDouble(high << 32 | low);
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(readString());
  }

  @Override
  public String readString() throws IOException {
    int length = length("a string");
    String value = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return value;
  }

  @Override
  public void skipString() throws IOException {
    skip(length("a string"));
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    byte[] value = new byte[length("bytes")];
    System.arraycopy(bytes, position, value, 0, value.length);
    position += value.length;
    return ByteBuffer.wrap(value);
  }

  @Override
  public void skipBytes() throws IOException {
    skip(length("bytes"));
  }

  @Override
  public void readFixed(byte[] target, int offset, int length) throws IOException {
    require(length, "a fixed");
    System.arraycopy(bytes, position, target, offset, length);
    position += length;
  }

  @Override
  public void skipFixed(int length) throws IOException {
    require(length, "a fixed");
    position += length;
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return block();
  }

  @Override
  public long arrayNext() throws IOException {
    return block();
  }

  @Override
  public long skipArray() throws IOException {
    return skipBlocks();
  }

  @Override
  public long readMapStart() throws IOException {
    return block();
  }

  @Override
  public long mapNext() throws IOException {
    return block();
  }

  @Override
  public long skipMap() throws IOException {
    return skipBlocks();
  }

  /** Reads the head of a block: how many items follow. A negative count has a size behind it. */
  private long block() throws IOException {
    long count = readLong();
    if (count < 0) {
      length("a block of items");
      count = -count;
    }
    return items(count);
  }

  /** Skips the blocks that say how long they are; returns the items of one that does not, or 0. */
  private long skipBlocks() throws IOException {
    long count = readLong();
    while (count < 0) {
      skip(length("a block of items"));
      count = readLong();
    }
    return items(count);
  }

  /**
   * Every item has at least one byte of its own, so no body has more items than bytes. Those
   * without bytes get a small allowance.
   */
  private long items(long count) throws IOException {
    if (count < 0 || count > itemsLeft) {
      throw malformed("a block claims more items than the record has bytes");
    }
    itemsLeft -= count;
    return count;
  }

  private void skip(int length) {
    position += length;
  }

  private int length(String what) throws IOException {
    long length = readLong();
    if (length < 0) {
      throw malformed("the length of " + what + " is negative: " + length);
    }
    require(length, what);
    return (int) length;
  }

  private void require(long length, String what) throws IOException {
    if (length > end - position) {
      throw malformed(
          "truncated: "
              + what
              + " takes "
              + length
              + (length == 1 ? " byte, " : " bytes, ")
              + (end - position)
              + " are left");
    }
  }

  private int littleEndianInt() {
    int value =
        (bytes[position] & 0xff)
            | (bytes[position + 1] & 0xff) << 8
            | (bytes[position + 2] & 0xff) << 16
            | (bytes[position + 3] & 0xff) << 24;
    position += Integer.BYTES;
    return value;
  }

  private MalformedException malformed(String what) {
    return new MalformedException("at byte " + consumed() + " of the body, " + what);
  }
}
