package org.beamtemplates.transforms.bucket;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.beamtemplates.transforms.launch.RefusedException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Divides keys among a fixed number of buckets, by their encoding: the same on every worker and in
 * every launch.
 *
 * <p>The number is part of what a checkpoint means. A job that is started from one must have as
 * many buckets as the job that wrote it.
 *
 * <p>Not safe for use by several threads.
 *
 * @param <K> type of the keys
 */
public final class Buckets<K> implements Serializable {

  private static final long serialVersionUID = 1L;

  /** How many buckets there are unless another number is chosen: enough for 32 workers. */
  public static final int DEFAULT_COUNT = 128;

  /** The largest number of buckets. */
  public static final int MAX_COUNT = 32_768;

  private static final int BUCKETS_PER_WORKER = 4;

  /** The longest text whose length is written in a byte; and the last character of ASCII. */
  private static final int SHORT = 127;

  private final Coder<K> keyCoder;
  private final int count;
  private transient @Nullable Encoded encoded;

  private Buckets(Coder<K> keyCoder, int count) {
    this.keyCoder = keyCoder;
    this.count = count;
  }

  /**
   * Divides keys among {@code count} buckets.
   *
   * @param keyCoder deterministic, for keys that are equal if their encodings are
   * @throws IllegalArgumentException if the coder is not, or the number is not from 1 to 32 768
   */
  public static <K> Buckets<K> of(Coder<K> keyCoder, int count) {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException(
          "the number of buckets must be from 1 to " + MAX_COUNT + ", not " + count);
    }
    requireDeterministic(requireNonNull(keyCoder, "keyCoder"));
    if (!keyCoder.consistentWithEquals()) {
      throw new IllegalArgumentException(
          "keys are looked up by equals, which the coder "
              + keyCoder
              + " does not promise of them");
    }
    return new Buckets<>(keyCoder, count);
  }

  /** Refuses a coder that can write equal keys differently: they would be told apart. */
  public static void requireDeterministic(Coder<?> keyCoder) {
    try {
      keyCoder.verifyDeterministic();
    } catch (NonDeterministicException e) {
      throw new IllegalArgumentException(
          "the key's coder must be deterministic, and "
              + keyCoder
              + " is not: equal keys would be told apart. Choose a key of strings or numbers",
          e);
    }
  }

  /** Returns whether keys of this coder can be divided among buckets. */
  public static boolean canDivide(Coder<?> keyCoder) {
    return keyCoder.consistentWithEquals();
  }

  /**
   * Refuses more workers than there are buckets for, with four each. Runners spread buckets by
   * hash, so that with as few as that some workers have twice what others have, and a few none:
   * more are better.
   *
   * @param workers how many share the keys, if that is known
   * @throws RefusedException if they are too many
   */
  public void checkEnoughFor(OptionalInt workers) {
    long needed = (long) workers.orElse(0) * BUCKETS_PER_WORKER;
    if (count < needed) {
      throw new RefusedException(
          "parallelism",
          "is "
              + workers.getAsInt()
              + ", too many for "
              + count
              + " buckets of keys; allowed: "
              + count / BUCKETS_PER_WORKER
              + " at most, or "
              + needed
              + " buckets at least, by --buckets where the template has it, else by withBuckets("
              + needed
              + ") in its code. A job cannot go on from a checkpoint with another number of buckets");
    }
  }

  /** Returns the number of buckets. */
  public int count() {
    return count;
  }

  /** Returns the coder of the keys. */
  public Coder<K> keyCoder() {
    return keyCoder;
  }

  /** Returns the bucket of a key, from 0. */
  public int of(K key) {
    return Math.floorMod(mix(hash(key)), count);
  }

  private int hash(K key) {
    if (key instanceof String text
        && keyCoder instanceof StringUtf8Coder
        && text.length() <= SHORT
        && isAscii(text)) {
      return hashOfAscii(text);
    }
    if (encoded == null) {
      encoded = new Encoded();
    }
    encoded.reset();
    try {
      keyCoder.encode(key, encoded);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode the key " + key, e);
    }
    return encoded.hash();
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= SHORT + 1) {
        return false;
      }
    }
    return true;
  }

  /** The hash of the encoding, which is the length in a byte and a byte for each character. */
  private static int hashOfAscii(String text) {
    int hash = 31 + text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** Spreads keys that differ in a few bits; the finalizer of MurmurHash3 (Austin Appleby). */
  private static int mix(int hash) {
    int mixed = hash;
    mixed ^= mixed >>> 16;
    mixed *= 0x85ebca6b;
    mixed ^= mixed >>> 13;
    mixed *= 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }

  /** The encoding of a key, looked at where it is. */
  private static final class Encoded extends ByteArrayOutputStream {

    /** Returns what {@link java.util.Arrays#hashCode(byte[])} says of the bytes. */
    int hash() {
      int hash = 1;
      for (int i = 0; i < count; i++) {
        hash = 31 * hash + buf[i];
      }
      return hash;
    }
  }
}
