package org.beamtemplates.runners.flink.exactness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;

/** Windows, once as the library knows them and once as they are defined. */
enum Windowing {
  /** Four seconds each. */
  FIXED {
    @Override
    <K> WindowedAggregation<K, PageEvent> of(WindowedAggregation<K, PageEvent> aggregation) {
      return aggregation.inFixedWindows(Duration.ofSeconds(4));
    }

    @Override
    List<Span> windowsOf(long time) {
      long start = Math.floorDiv(time, 4_000L) * 4_000;
      return List.of(new Span(start, start + 4_000));
    }
  },

  /** Nine seconds, every three. */
  SLIDING {
    @Override
    <K> WindowedAggregation<K, PageEvent> of(WindowedAggregation<K, PageEvent> aggregation) {
      return aggregation.inSlidingWindows(Duration.ofSeconds(9), Duration.ofSeconds(3));
    }

    @Override
    List<Span> windowsOf(long time) {
      long latest = Math.floorDiv(time, 3_000L) * 3_000;
      return List.of(
          new Span(latest, latest + 9_000),
          new Span(latest - 3_000, latest + 6_000),
          new Span(latest - 6_000, latest + 3_000));
    }
  },

  /** Ended by a gap of a tenth of a second. */
  SESSIONS {
    @Override
    <K> WindowedAggregation<K, PageEvent> of(WindowedAggregation<K, PageEvent> aggregation) {
      return aggregation.inSessions(Duration.ofMillis(100));
    }

    @Override
    List<Span> windowsOf(long time) {
      return List.of(new Span(time, time + 100));
    }

    @Override
    List<Span> merged(List<Span> windows) {
      List<Span> merged = new ArrayList<>();
      for (Span window : windows.stream().sorted(Comparator.comparing(Span::start)).toList()) {
        Span last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
        if (last != null && window.start() < last.end()) {
          long end = Math.max(last.end(), window.end());
          merged.set(merged.size() - 1, new Span(last.start(), end));
        } else {
          merged.add(window);
        }
      }
      return merged;
    }
  };

  /** A window: start inclusive, end exclusive, in milliseconds since the epoch. */
  record Span(long start, long end) {

    boolean contains(Span other) {
      return start <= other.start && other.end <= end;
    }
  }

  /** Gives an aggregation these windows. */
  abstract <K> WindowedAggregation<K, PageEvent> of(WindowedAggregation<K, PageEvent> aggregation);

  /** Returns the windows of a time. */
  abstract List<Span> windowsOf(long time);

  /** Returns what becomes of the windows of a key. */
  List<Span> merged(List<Span> windows) {
    return windows.stream().distinct().toList();
  }
}
