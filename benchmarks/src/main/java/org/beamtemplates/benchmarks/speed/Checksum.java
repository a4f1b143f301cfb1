package org.beamtemplates.benchmarks.speed;

import java.util.zip.CRC32C;

/**
 * Numbers that stand for results. Their sum does not depend on the order in which results come, but
 * on all that is in them.
 */
public final class Checksum {

  private Checksum() {}

  /** Of a result of W1, W2 or W5. */
  public static long ofWindow(String card, long windowStartMillis, long sum, long count, long max) {
    long hash = mix(card.hashCode(), windowStartMillis);
    return mix(mix(mix(hash, sum), count), max);
  }

  /** Of a session of W4, which has its first and last payment's time. */
  public static long ofSession(
      String card, long firstMillis, long lastMillis, long sum, long count) {
    long hash = mix(card.hashCode(), firstMillis);
    return mix(mix(mix(hash, lastMillis), sum), count);
  }

  /** Of an alert of W6. */
  public static long ofAlert(String card, long timeMillis, int rule, long value) {
    return mix(mix(mix(card.hashCode(), timeMillis), rule), value);
  }

  /** Of an encoded payment of W3. */
  public static long ofBytes(byte[] encoded, CRC32C crc) {
    crc.reset();
    crc.update(encoded, 0, encoded.length);
    return mix(crc.getValue(), encoded.length);
  }

  /** The finalizer of SplitMix64, over both. */
  private static long mix(long hash, long value) {
    long mixed = hash * 0x9E3779B97F4A7C15L + value;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
