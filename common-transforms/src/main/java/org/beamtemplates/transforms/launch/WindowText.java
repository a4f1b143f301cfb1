package org.beamtemplates.transforms.launch;

import java.time.Duration;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.WindowFn;

/** Windows in words, for an {@link Explanation}. */
public final class WindowText {

  private WindowText() {}

  /** Returns what is to follow the word "windows". */
  public static String of(WindowFn<?, ?> windows) {
    if (windows instanceof FixedWindows fixed) {
      return "of " + format(fixed.getSize());
    }
    if (windows instanceof SlidingWindows sliding) {
      return "of " + format(sliding.getSize()) + ", one every " + format(sliding.getPeriod());
    }
    if (windows instanceof Sessions sessions) {
      return "of a key's events that are less than " + format(sessions.getGapDuration()) + " apart";
    }
    return "by " + windows.getClass().getSimpleName();
  }

  private static String format(org.joda.time.Duration duration) {
    return Durations.format(Duration.ofMillis(duration.getMillis()));
  }
}
