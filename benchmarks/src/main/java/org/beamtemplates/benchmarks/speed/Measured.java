package org.beamtemplates.benchmarks.speed;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a job cost.
 *
 * @param microsPerRecord processor time in the steady state, without compilers, in µs
 * @param recordsPerSecond in the steady state, by the clock
 * @param firstResult from the start of the JVM until the first result was there: how long an engine
 *     takes to begin
 * @param latencies how long results took
 * @param count what was read and found
 */
public record Measured(
    double microsPerRecord,
    double recordsPerSecond,
    Duration firstResult,
    Latencies.Seen latencies,
    Tally.Count count) {

  public Measured {
    requireNonNull(firstResult, "firstResult");
    requireNonNull(latencies, "latencies");
    requireNonNull(count, "count");
  }
}
