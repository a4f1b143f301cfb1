package org.beamtemplates.transforms.demo;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Event time that runs {@value #SPEEDUP} times faster than the clock, so that windows of minutes
 * end every few seconds.
 *
 * <p>It begins in the past and is still {@link #MARGIN} in the past at its end. Both ends matter: a
 * watermark is never beyond the present, and a partition that is empty follows the clock. So
 * windows end by themselves when the traffic is over, and a producer that pauses while it is not
 * makes everything after the pause late.
 *
 * @param firstEventTime event time at the start
 */
public record CompressedTime(Instant firstEventTime) {

  /** How much faster than the clock it runs. */
  public static final int SPEEDUP = 20;

  /** How far in the past it ends, about. */
  public static final Duration MARGIN = Duration.ofMinutes(2);

  public CompressedTime {
    requireNonNull(firstEventTime, "firstEventTime");
  }

  /**
   * Returns the time for traffic that starts now, aligned down to a minute.
   *
   * @param length how long the traffic lasts, by the clock
   */
  public static CompressedTime startingAt(Instant now, Duration length) {
    Instant first = now.minus(length.multipliedBy(SPEEDUP - 1L)).minus(MARGIN);
    return new CompressedTime(first.truncatedTo(ChronoUnit.MINUTES));
  }

  /**
   * Returns the event time after the traffic has run for a while.
   *
   * @param elapsed since the start, by the clock
   */
  public Instant after(Duration elapsed) {
    return firstEventTime.plus(elapsed.multipliedBy(SPEEDUP));
  }
}
