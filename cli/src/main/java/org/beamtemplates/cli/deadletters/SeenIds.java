package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Which ids were seen: 64 bits of a hash of each, so 16 to 32 bytes an id. Two of ten million ids
 * are taken for one with a probability of 3 in a million.
 */
final class SeenIds {

  private static final int SMALLEST = 1_024;

  private final MessageDigest digest = sha256();

  /** Open addressing; 0 is free. */
  private long[] slots = new long[SMALLEST];

  private int size;

  /** Returns whether the id is new. */
  boolean add(String id) {
    long hash = ByteBuffer.wrap(digest.digest(id.getBytes(UTF_8))).getLong();
    if (!put(slots, hash == 0 ? 1 : hash)) {
      return false;
    }
    size++;
    if (size > slots.length / 2) {
      grow();
    }
    return true;
  }

  int size() {
    return size;
  }

  private static boolean put(long[] slots, long hash) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      if (slots[slot] == hash) {
        return false;
      }
      slot = slot + 1 & mask;
    }
    slots[slot] = hash;
    return true;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    Arrays.stream(slots).filter(hash -> hash != 0).forEach(hash -> put(larger, hash));
    slots = larger;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
