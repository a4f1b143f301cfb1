package org.beamtemplates.transforms.record;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes ingested values one behind the other, for an {@link IngestedReader}: of an element that
 * came from the same source as the one before, only by how much its coordinates and times differ,
 * about 10 bytes.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <T> type of the values
 */
public final class IngestedWriter<T> {

  /** Kind of source, and its name; what follows is as for {@link #SAME}. */
  static final int NEW_SOURCE = 0;

  /** From the same source as the element before. */
  static final int SAME = 1;

  /** A bit of the first number: the record is a replay. */
  static final int REPLAYED = 2;

  private final Coder<T> valueCoder;
  private final Bytes bytes = new Bytes();
  private Origin last = Origin.none();
  private boolean hasLast;
  private long lastOffset;
  private long lastWatermark;
  private long lastMillis;

  public IngestedWriter(Coder<T> valueCoder) {
    this.valueCoder = valueCoder;
  }

  /** Writes an element with its event time. */
  public void write(Ingested<T> element, long millis) throws IOException {
    Origin origin = element.origin();
    @Nullable Replay replay = origin.replay();
    int replayed = replay == null ? 0 : REPLAYED;
    if (hasLast && origin.type() == last.type() && origin.source().equals(last.source())) {
      bytes.write(SAME | replayed);
    } else {
      bytes.write(NEW_SOURCE | replayed);
      bytes.write(origin.type().code());
      StringUtf8Coder.of().encode(origin.source(), bytes);
    }
    VarInt.encode(origin.partition(), bytes);
    encodeDifference(origin.offset(), lastOffset);
    encodeDifference(element.watermarkMillis(), lastWatermark);
    encodeDifference(millis, lastMillis);
    if (replay != null) {
      StringUtf8Coder.of().encode(replay.deadLetterId(), bytes);
      VarInt.encode(replay.attempt(), bytes);
      VarInt.encode(replay.firstFailureMillis(), bytes);
    }
    valueCoder.encode(element.value(), bytes);
    last = origin;
    hasLast = true;
    lastOffset = origin.offset();
    lastWatermark = element.watermarkMillis();
    lastMillis = millis;
  }

  /** Returns what was written, and begins anew. */
  public byte[] take() {
    byte[] taken = bytes.take();
    hasLast = false;
    lastOffset = 0;
    lastWatermark = 0;
    lastMillis = 0;
    return taken;
  }

  /** Returns whether nothing was written. */
  public boolean isEmpty() {
    return !hasLast;
  }

  /** Forgets what was written. */
  public void clear() {
    take();
  }

  /** A difference may overflow: adding it overflows back. Small ones of either sign are short. */
  private void encodeDifference(long value, long before) throws IOException {
    long difference = value - before;
    VarInt.encode((difference << 1) ^ (difference >> 63), bytes);
  }

  /** As {@link java.io.ByteArrayOutputStream}, without its locks: it is written byte by byte. */
  private static final class Bytes extends OutputStream {

    private static final int FIRST = 64;

    private byte[] buffer = {};
    private int count;

    @Override
    public void write(int value) {
      reserve(1);
      buffer[count++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int from, int length) {
      reserve(length);
      System.arraycopy(source, from, buffer, count, length);
      count += length;
    }

    private void reserve(int length) {
      int needed = Math.addExact(count, length);
      if (needed > buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.max(Math.max(needed, FIRST), buffer.length * 2));
      }
    }

    byte[] take() {
      byte[] taken = Arrays.copyOf(buffer, count);
      count = 0;
      return taken;
    }
  }
}
