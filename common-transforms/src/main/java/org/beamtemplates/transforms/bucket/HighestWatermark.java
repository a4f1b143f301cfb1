package org.beamtemplates.transforms.bucket;

import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;

/**
 * The watermark of a stateful step, which never goes back: after a restart, a runner's begins at
 * the least again, and what was forgotten or closed before it would be open once more.
 */
public final class HighestWatermark {

  private HighestWatermark() {}

  /**
   * Returns the highest watermark that a key has been looked at with, in milliseconds since the
   * epoch.
   *
   * @param timer in event time, to ask the runner's watermark of
   * @param highest cell for the result; written if it is new
   */
  public static long of(Timer timer, ValueState<Long> highest) {
    long now = timer.getCurrentRelativeTime().getMillis();
    Long before = highest.read();
    if (before != null && before >= now) {
      return before;
    }
    highest.write(now);
    return now;
  }
}
