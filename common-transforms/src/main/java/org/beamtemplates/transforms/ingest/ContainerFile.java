package org.beamtemplates.transforms.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import org.beamtemplates.transforms.codec.DecodeException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The header and the blocks of an Avro container file, as bytes.
 *
 * <p>Avro's own reader takes a file that ends in the middle of a block for complete, allocates what
 * a damaged length says, and looks for the next marker behind what it has read ahead. Here every
 * length is held against the size of the file, and the search begins with the damaged block.
 *
 * <p>An {@link IOException} means that the storage has failed; damage is a {@link DecodeException}.
 */
final class ContainerFile {

  private static final byte[] MAGIC = {'O', 'b', 'j', 1};
  private static final int MARKER_BYTES = 16;
  private static final int WINDOW_BYTES = 1 << 16;
  private static final int MAX_LONG_BYTES = 10;

  private final SeekableByteChannel channel;
  private final long size;
  private final byte[] window = new byte[WINDOW_BYTES];
  private long windowStart;
  private int windowLength;
  private long position;
  private long blockStart;
  private long records;
  private byte[] marker = new byte[0];

  ContainerFile(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  /** Reads the header, with which the file begins. */
  byte[] readHeader() throws IOException, DecodeException {
    if (!Arrays.equals(take(MAGIC.length), MAGIC)) {
      throw new DecodeException("it does not begin with 'Obj' and 1");
    }
    for (long entries = nextLong(); entries != 0; entries = nextLong()) {
      if (entries < 0) {
        // A negative number is followed by the size of the entries.
        nextLong();
      }
      for (long i = 0; i < Math.abs(entries); i++) {
        skip(nextLong());
        skip(nextLong());
      }
    }
    marker = take(MARKER_BYTES);
    long end = position;
    position = 0;
    return take(length(end));
  }

  /**
   * Reads the next block from its number of records to its marker, or returns null at the end of
   * the file.
   *
   * @throws DecodeException if the file is damaged here: see {@link #skipDamage}
   */
  byte @Nullable [] nextBlock() throws IOException, DecodeException {
    blockStart = position;
    if (position == size) {
      return null;
    }
    records = nextLong();
    long bytes = nextLong();
    if (records < 0 || bytes < 0 || bytes > size - position - MARKER_BYTES) {
      throw new DecodeException(
          "a block of " + records + " records in " + bytes + " bytes does not fit into the file");
    }
    long end = position + bytes + MARKER_BYTES;
    position = blockStart;
    byte[] block = take(length(end - blockStart));
    int body = block.length - MARKER_BYTES;
    if (!Arrays.equals(block, body, block.length, marker, 0, MARKER_BYTES)) {
      throw new DecodeException("no marker at the end of a block of " + bytes + " bytes");
    }
    return block;
  }

  /** Returns how many records the last block has, as it says itself. */
  long records() {
    return records;
  }

  /** Goes to the next marker behind the damage; false if there is none. */
  boolean skipDamage() throws IOException, DecodeException {
    for (long at = blockStart; size - at >= MARKER_BYTES; at += WINDOW_BYTES - MARKER_BYTES + 1) {
      position = at;
      byte[] part = take((int) Math.min(WINDOW_BYTES, size - at));
      int found = find(part);
      if (found >= 0) {
        position = at + found + MARKER_BYTES;
        return true;
      }
    }
    return false;
  }

  private int find(byte[] part) {
    for (int i = 0; i <= part.length - MARKER_BYTES; i++) {
      if (Arrays.equals(part, i, i + MARKER_BYTES, marker, 0, MARKER_BYTES)) {
        return i;
      }
    }
    return -1;
  }

  private long nextLong() throws IOException, DecodeException {
    long value = 0;
    for (int i = 0; i < MAX_LONG_BYTES; i++) {
      byte next = next();
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new DecodeException("a number has more than " + MAX_LONG_BYTES + " bytes");
  }

  private byte next() throws IOException, DecodeException {
    require(1);
    if (position < windowStart || position >= windowStart + windowLength) {
      fill();
    }
    return window[(int) (position++ - windowStart)];
  }

  private byte[] take(int length) throws IOException, DecodeException {
    require(length);
    byte[] bytes = new byte[length];
    int taken = 0;
    while (taken < length) {
      if (position < windowStart || position >= windowStart + windowLength) {
        fill();
      }
      int from = (int) (position - windowStart);
      int count = Math.min(length - taken, windowLength - from);
      System.arraycopy(window, from, bytes, taken, count);
      taken += count;
      position += count;
    }
    return bytes;
  }

  private void skip(long length) throws DecodeException {
    require(length);
    position += length;
  }

  private void require(long length) throws DecodeException {
    if (length < 0 || length > size - position) {
      throw new DecodeException(
          "it ends at byte " + size + ", " + length + " more are needed at byte " + position);
    }
  }

  private static int length(long length) throws DecodeException {
    if (length > Integer.MAX_VALUE - 8) {
      throw new DecodeException(length + " bytes do not fit into the memory");
    }
    return (int) length;
  }

  private void fill() throws IOException {
    if (channel.position() != position) {
      channel.position(position);
    }
    windowStart = position;
    windowLength = Math.max(0, channel.read(ByteBuffer.wrap(window)));
    if (windowLength == 0) {
      throw new IOException("the file has become shorter while it was read: no byte " + position);
    }
  }
}
