package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A set of ids that keeps 128 bits of a hash of each: 32 to 64 bytes an id, whatever its length.
 * Two ids are taken for one with a probability of 10<sup>-20</sup> among a billion.
 */
final class IdSet {

  private static final int SMALLEST = 1024;

  private final MessageDigest digest = sha256();

  // Pairs of halves; a pair of zeros is free.
  private long[] slots = new long[2 * SMALLEST];
  private int size;

  boolean add(String id) {
    ByteBuffer hash = hash(id);
    if (!put(hash.getLong(0), hash.getLong(8))) {
      return false;
    }
    size++;
    if (size > slots.length / 4) {
      grow();
    }
    return true;
  }

  boolean contains(String id) {
    ByteBuffer hash = hash(id);
    int slot = slotOf(hash.getLong(0), hash.getLong(8));
    return isTaken(slot);
  }

  int size() {
    return size;
  }

  private boolean put(long high, long low) {
    int slot = slotOf(high, low);
    if (isTaken(slot)) {
      return false;
    }
    slots[slot] = high;
    slots[slot + 1] = low;
    return true;
  }

  /** Returns the slot where the pair is, or the free one where it belongs. */
  private int slotOf(long high, long low) {
    int mask = slots.length - 1;
    int slot = ((int) high << 1) & mask;
    while (isTaken(slot) && (slots[slot] != high || slots[slot + 1] != low)) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private boolean isTaken(int slot) {
    return slots[slot] != 0 || slots[slot + 1] != 0;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (int slot = 0; slot < old.length; slot += 2) {
      if (old[slot] != 0 || old[slot + 1] != 0) {
        put(old[slot], old[slot + 1]);
      }
    }
  }

  private ByteBuffer hash(String id) {
    return ByteBuffer.wrap(digest.digest(id.getBytes(UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
