package org.beamtemplates.transforms.demo;

import java.time.Duration;

/**
 * What the job is told about time. It decides which records are late.
 *
 * @param maxDelay how far the watermark of a partition is behind its newest event
 * @param windowSize length of the windows
 * @param allowedLateness how long after its end a window takes events
 */
public record Timing(Duration maxDelay, Duration windowSize, Duration allowedLateness) {

  /** Between what is late and what is not, so that no rounding decides. */
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private static final Duration LATE_BY = Duration.ofSeconds(10);

  public Timing {
    if (maxDelay.isNegative() || windowSize.toMillis() < 1) {
      throw new IllegalArgumentException(
          "a delay is 0 at least and a window 1 ms, not " + maxDelay + " and " + windowSize);
    }
    if (allowedLateness.compareTo(LATE_BY.plus(MARGIN)) <= 0) {
      throw new IllegalArgumentException(
          "with an allowed lateness of "
              + allowedLateness
              + " there is no room for late records that surely count; allowed: more than "
              + LATE_BY.plus(MARGIN));
    }
  }

  /** Good events are this much out of order at most: half of what is declared. */
  long disorderMillis() {
    return maxDelay.toMillis() / 2;
  }

  /** A late event that counts is behind the watermark by this much at least. */
  long lateByAtLeastMillis() {
    return LATE_BY.toMillis();
  }

  /** A late event that counts is behind the watermark by this much at most. */
  long lateByAtMostMillis() {
    return allowedLateness.minus(MARGIN).toMillis();
  }

  /** An event that is too late is behind the watermark by this much: beyond all doubt. */
  long tooLateByMillis() {
    return windowSize.plus(allowedLateness).multipliedBy(10).toMillis();
  }
}
