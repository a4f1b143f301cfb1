package org.beamtemplates.transforms.bucket;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;

/**
 * The times at which a bucket's map is rid of what has expired: few, so that a sweep, which reads
 * the whole map, finds much to remove.
 *
 * <p>A bucket has an event-time timer for the next one, and a cell with the time that it is set to:
 * nothing if it is not set.
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

  /** Sees to it that a bucket is swept when something expires at a time, or soon after. */
  public void schedule(long expiresMillis, ValueState<Long> due, Timer timer) {
    long millis = at(expiresMillis);
    Long set = due.read();
    if (set == null || millis < set) {
      due.write(millis);
      // Without an output timestamp: remembering must not hold the watermark back.
      timer.withNoOutputTimestamp().set(Instant.ofEpochMilli(millis));
    }
  }

  /**
   * Removes what has expired from a bucket whose timer fires, and sets the timer for what is left.
   * It goes by the watermark, which can be far ahead of the timer: at the end of bounded input one
   * sweep is enough for all.
   *
   * @param expiresMillis the watermark at which an entry expires
   * @return how many were removed
   */
  public <K, V> int sweep(
      MapState<K, V> entries,
      ToLongFunction<? super V> expiresMillis,
      ValueState<Long> due,
      Timer timer) {
    Long set = due.read();
    if (set == null) {
      return 0;
    }
    long now = Math.max(set, timer.getCurrentRelativeTime().getMillis());
    List<K> expired = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Map.Entry<K, V> entry : entries.entries().read()) {
      long expires = expiresMillis.applyAsLong(entry.getValue());
      if (expires <= now) {
        expired.add(entry.getKey());
      } else {
        next = Math.min(next, expires);
      }
    }
    expired.forEach(entries::remove);
    due.clear();
    if (next != Long.MAX_VALUE) {
      schedule(next, due, timer);
    }
    return expired.size();
  }
}
