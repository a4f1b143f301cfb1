package org.beamtemplates.transforms.aggregate;

import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Tells the windows that elements are in. Between two moments at which a fixed or sliding window
 * begins or ends, a slice of time, all elements are in the same: those of the last slice are
 * remembered, as most elements are in the slice of the one before.
 *
 * <p>Not safe for use by several threads.
 */
final class Slices {

  /**
   * Windows, and the slice of time whose elements are in them.
   *
   * @param fromMillis first millisecond of the slice
   * @param toMillis first millisecond behind it; {@code fromMillis} if no other element is known to
   *     be in these windows
   * @param windows not to be changed
   * @param closesAtMillis the watermark up to which all of the windows are open
   */
  record Slice(long fromMillis, long toMillis, List<BoundedWindow> windows, long closesAtMillis) {

    private boolean contains(long millis) {
      return fromMillis <= millis && millis < toMillis;
    }
  }

  private static final long UNKNOWN = 0;

  private final WindowFn<Object, ?> windowFn;
  private final long allowedLatenessMillis;

  /** How far apart the windows begin. */
  private final long periodMillis;

  private @Nullable Slice last;

  Slices(WindowFn<Object, ?> windowFn, long allowedLatenessMillis) {
    this.windowFn = windowFn;
    this.allowedLatenessMillis = allowedLatenessMillis;
    this.periodMillis = period(windowFn);
  }

  private static long period(WindowFn<Object, ?> windowFn) {
    if (windowFn instanceof FixedWindows fixed) {
      return fixed.getSize().getMillis();
    }
    return windowFn instanceof SlidingWindows sliding ? sliding.getPeriod().getMillis() : UNKNOWN;
  }

  /** Returns the windows of an element. */
  Slice of(Object element, long eventTimeMillis) throws Exception {
    if (last == null || !last.contains(eventTimeMillis)) {
      Instant timestamp = Instant.ofEpochMilli(eventTimeMillis);
      last = slice(List.copyOf(windowsOf(windowFn, element, timestamp)));
    }
    return last;
  }

  private Slice slice(List<BoundedWindow> windows) {
    long closesAt = Long.MAX_VALUE;
    for (BoundedWindow window : windows) {
      closesAt =
          Math.min(closesAt, WindowedAggregation.closesAtMillis(window, allowedLatenessMillis));
    }
    if (periodMillis == UNKNOWN || windows.isEmpty()) {
      return new Slice(0, 0, windows, closesAt);
    }
    long latestStart = Long.MIN_VALUE;
    long earliestEnd = Long.MAX_VALUE;
    for (BoundedWindow window : windows) {
      IntervalWindow interval = (IntervalWindow) window;
      latestStart = Math.max(latestStart, interval.start().getMillis());
      earliestEnd = Math.min(earliestEnd, interval.end().getMillis());
    }
    // Before the windows that are the last to begin and the first to end, others did and will.
    long from = Math.max(latestStart, earliestEnd - periodMillis);
    long to = Math.min(latestStart + periodMillis, earliestEnd);
    // Beam rounds times before 1970 to the other side.
    return from < 0 ? new Slice(0, 0, windows, closesAt) : new Slice(from, to, windows, closesAt);
  }

  private static <W extends BoundedWindow> Collection<W> windowsOf(
      WindowFn<Object, W> windowFn, Object element, Instant timestamp) throws Exception {
    return windowFn.assignWindows(
        windowFn.new AssignContext() {
          @Override
          public Object element() {
            return element;
          }

          @Override
          public Instant timestamp() {
            return timestamp;
          }

          @Override
          public BoundedWindow window() {
            return GlobalWindow.INSTANCE;
          }
        });
  }
}
