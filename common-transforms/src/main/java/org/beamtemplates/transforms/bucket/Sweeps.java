package org.beamtemplates.transforms.bucket;

import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * The times at which a bucket's map is rid of what has expired: few, so that a sweep, which reads
 * the whole map, finds much to remove.
 */
public final class Sweeps implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The longest that anything can be kept. */
  public static final Duration LONGEST = Duration.ofDays(36_500);

  private static final int IN_A_LIFETIME = 4;
  private static final long END = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

  private final long everyMillis;

  private Sweeps(long everyMillis) {
    this.everyMillis = everyMillis;
  }

  /** Four sweeps in the time that an entry lives. */
  public static Sweeps of(Duration lifetime) {
    return new Sweeps(Math.max(1, lifetime.toMillis() / IN_A_LIFETIME));
  }

  /**
   * Refuses a time that nothing can be kept for.
   *
   * @param what the name of the time, for the message
   * @throws IllegalArgumentException unless it is from 1 ms to {@link #LONGEST}
   */
  public static Duration requireLifetime(String what, Duration time) {
    if (time.isNegative() || time.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(what + " must be positive, 1 ms at least, not " + time);
    }
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          what + " must be " + LONGEST.toDays() + " days at most, not " + time);
    }
    return time;
  }

  /** Returns the time of something that happens after an event time, before the end of time. */
  public static long after(long eventTimeMillis, long millis) {
    return Math.min(eventTimeMillis + millis, END);
  }

  /** Returns when to sweep away what expires at a time: then, or soon after. */
  public long at(long expiresMillis) {
    long before = Math.floorDiv(expiresMillis - 1, everyMillis) * everyMillis;
    return after(before, everyMillis);
  }
}
