package org.beamtemplates.transforms.aggregate;

import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * When sessions end, close and are looked at. All times are milliseconds.
 *
 * <p>Sessions are looked at on a grid of event time, so that a few timers serve many keys. It adds
 * to the latency of a result at most a sixteenth of the gap, which the result had to wait for
 * anyway, and never more than a second.
 */
record SessionTimes(long gapMillis, long allowedLatenessMillis) implements Serializable {

  private static final long LAST = GlobalWindow.INSTANCE.maxTimestamp().getMillis();
  private static final long MAX_GRID_MILLIS = 1_000;
  private static final int PARTS = 16;

  static SessionTimes of(Duration gap, Duration allowedLateness) {
    return new SessionTimes(gap.toMillis(), allowedLateness.toMillis());
  }

  /** Returns whether the watermark has passed a session's end. */
  static boolean hasEnded(Span session, long watermarkMillis) {
    return lastMillis(session) < watermarkMillis;
  }

  /** Returns the last moment of a session, which is the timestamp of its panes. */
  static long lastMillis(Span session) {
    return Math.min(session.endMillis() - 1, LAST);
  }

  /** Returns whether nothing that is not late can belong to what ends at a time. */
  boolean isClosed(long endMillis, long watermarkMillis) {
    return closesAtMillis(endMillis) < watermarkMillis;
  }

  private long closesAtMillis(long endMillis) {
    return Math.min(endMillis - 1 + allowedLatenessMillis, LAST);
  }

  /** Returns how far apart the moments are at which sessions are looked at. */
  long gridMillis() {
    return Math.max(1, Math.min(gapMillis / PARTS, MAX_GRID_MILLIS));
  }

  /**
   * Returns the moment on the grid at which a session is to be looked at again: at its end, and
   * after that when it closes. To close can wait, so that closed sessions of a long allowed
   * lateness do not crowd the grid.
   */
  long lookAtMillis(KeptSession<?> session) {
    return session.ended()
        ? ceil(closesAtMillis(session.endMillis()) + 1, closingGridMillis())
        : ceil(lastMillis(session) + 1, gridMillis());
  }

  private long closingGridMillis() {
    return gridMillis() * Math.max(1, allowedLatenessMillis / PARTS / gridMillis());
  }

  private static long ceil(long millis, long grid) {
    return -Math.floorDiv(-millis, grid) * grid;
  }
}
