package org.beamtemplates.cli.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which records of a topic are ours, from the offsets that the broker has told: whatever lies
 * between them somebody else has written. Thread-safe.
 */
final class OwnOffsets {

  private record Gap(int partition, long from, long to) {}

  private final Map<Integer, Long> next = new HashMap<>();
  private final List<Gap> gaps = new ArrayList<>();

  /** Notes a record of ours; those of a partition come in the order of their offsets. */
  synchronized void add(int partition, long offset) {
    close(partition, offset);
    next.put(partition, offset + 1);
  }

  /** Notes where the partitions end now. */
  synchronized void end(Map<Integer, Long> ends) {
    ends.forEach(
        (partition, end) -> {
          close(partition, end);
          next.put(partition, end);
        });
  }

  synchronized boolean isForeign(int partition, long offset) {
    return gaps.stream()
        .anyMatch(gap -> gap.partition() == partition && gap.from() <= offset && offset < gap.to());
  }

  /** Returns how many records are not ours. */
  synchronized long foreign() {
    return gaps.stream().mapToLong(gap -> gap.to() - gap.from()).sum();
  }

  private void close(int partition, long offset) {
    long expected = next.getOrDefault(partition, 0L);
    if (expected < offset) {
      gaps.add(new Gap(partition, expected, offset));
    }
  }
}
