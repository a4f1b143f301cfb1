package org.beamtemplates.transforms.demo;

import java.util.random.RandomGenerator;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The last good records, of which one can be sent again. */
final class RecentRecords {

  private static final int SIZE = 256;

  private record Entry(TrafficRecord sent, long eventTimeMillis) {}

  private final Entry[] ring = new Entry[SIZE];
  private int count;

  void add(TrafficRecord sent, long eventTimeMillis) {
    ring[count++ % SIZE] = new Entry(sent, eventTimeMillis);
  }

  /** Returns one of the last, or null if the one that was drawn is older than this. */
  @Nullable TrafficRecord draw(RandomGenerator random, long notBeforeMillis) {
    if (count == 0) {
      return null;
    }
    Entry entry = ring[random.nextInt(Math.min(count, SIZE))];
    return entry.eventTimeMillis() < notBeforeMillis ? null : entry.sent();
  }
}
