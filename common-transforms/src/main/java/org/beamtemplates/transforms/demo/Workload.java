package org.beamtemplates.transforms.demo;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What traffic is wanted.
 *
 * @param seed the same seed gives the same traffic, if it is asked for the same event times
 * @param partitions partitions of the input topic
 * @param firstEventTime no record is asked for with an earlier event time
 */
public record Workload(long seed, int partitions, Instant firstEventTime) {

  public Workload {
    requireNonNull(firstEventTime, "firstEventTime");
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions must be 1 at least, not " + partitions);
    }
  }
}
