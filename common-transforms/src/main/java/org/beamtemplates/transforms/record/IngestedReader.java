package org.beamtemplates.transforms.record;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.ObjLongConsumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads what an {@link IngestedWriter} has written. */
public final class IngestedReader {

  private IngestedReader() {}

  /**
   * Hands out all elements in the order in which they were written, each with its event time in
   * milliseconds since the epoch.
   */
  public static <T> void read(
      byte[] bytes, Coder<T> valueCoder, ObjLongConsumer<Ingested<T>> receiver) throws IOException {
    Bytes in = new Bytes(bytes);
    Origin.Type type = Origin.Type.NONE;
    String source = "";
    long offset = 0;
    long watermarkMillis = 0;
    long millis = 0;
    while (in.available() > 0) {
      int flags = in.read();
      if ((flags & IngestedWriter.SAME) == 0) {
        type = Origin.Type.ofCode(in.read());
        source = StringUtf8Coder.of().decode(in);
      }
      int partition = VarInt.decodeInt(in);
      offset += difference(in);
      watermarkMillis += difference(in);
      millis += difference(in);
      @Nullable Replay replay =
          (flags & IngestedWriter.REPLAYED) == 0
              ? null
              : new Replay(
                  StringUtf8Coder.of().decode(in), VarInt.decodeInt(in), VarInt.decodeLong(in));
      Origin origin = new Origin(type, source, partition, offset, replay);
      receiver.accept(new Ingested<>(valueCoder.decode(in), origin, watermarkMillis), millis);
    }
  }

  private static long difference(InputStream in) throws IOException {
    long zigzag = VarInt.decodeLong(in);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** As {@link java.io.ByteArrayInputStream}, without its locks: it is read byte by byte. */
  private static final class Bytes extends InputStream {

    private final byte[] bytes;
    private int position;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (length == 0) {
        return 0;
      }
      int count = Math.min(length, bytes.length - position);
      if (count == 0) {
        return -1;
      }
      System.arraycopy(bytes, position, into, from, count);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return bytes.length - position;
    }
  }
}
