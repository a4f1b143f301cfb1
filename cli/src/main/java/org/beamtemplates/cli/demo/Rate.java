package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grows, over the last seconds. */
final class Rate {

  private static final long SPAN_NANOS = Duration.ofSeconds(3).toNanos();

  private record Point(long nanos, long count) {}

  private final Deque<Point> points = new ArrayDeque<>();

  /** Notes the count at a moment and returns its growth per second until then. */
  double perSecond(long nanos, long count) {
    points.add(new Point(nanos, count));
    while (points.size() > 2 && nanos - points.getFirst().nanos() > SPAN_NANOS) {
      points.removeFirst();
    }
    Point oldest = points.getFirst();
    long span = nanos - oldest.nanos();
    return span <= 0 ? 0 : (count - oldest.count()) * 1e9 / span;
  }
}
