package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.List;
import org.beamtemplates.cli.demo.Snapshot.DeadLetterCount;
import org.beamtemplates.transforms.demo.Sent;

/**
 * Decides, after the traffic has ended, whether there is anything to wait for: until all is there,
 * as long as something moves, and not much longer than it takes when all is well.
 */
final class Drain {

  private static final long STANDSTILL_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long LIMIT_NANOS = Duration.ofSeconds(90).toNanos();

  /** A job that has read nothing may still be starting: on a busy machine that takes a while. */
  private static final long START_NANOS = Duration.ofMinutes(5).toNanos();

  private List<Long> seen = List.of();
  private long movedNanos;
  private long readAllNanos = -1;
  private final long beganNanos;

  Drain(long nowNanos) {
    beganNanos = nowNanos;
    movedNanos = nowNanos;
  }

  /** Returns whether waiting is over. */
  boolean isOver(long nowNanos, Snapshot now) {
    if (isComplete(now)) {
      return true;
    }
    List<Long> seesNow =
        List.of(now.job().read(), letters(now), now.store().events(), matching(now));
    boolean starts = now.job().read() == 0 && nowNanos - beganNanos < START_NANOS;
    if (starts || !seesNow.equals(seen)) {
      seen = seesNow;
      movedNanos = nowNanos;
    }
    if (now.lag() == 0 && readAllNanos < 0) {
      readAllNanos = nowNanos;
    }
    return nowNanos - movedNanos > STANDSTILL_NANOS
        || (readAllNanos >= 0 && nowNanos - readAllNanos > LIMIT_NANOS);
  }

  /** All is read, and dead letters and results are what they have to be. */
  private static boolean isComplete(Snapshot now) {
    Sent sent = now.sent();
    return now.lag() == 0
        && letters(now) == sent.deadLetters().values().stream().mapToLong(Long::longValue).sum()
        && now.store().finalCounts().equals(sent.eventsByResult());
  }

  private static long letters(Snapshot now) {
    return now.deadLetters().values().stream().mapToLong(DeadLetterCount::count).sum();
  }

  private static long matching(Snapshot now) {
    return now.store().finalCounts().size();
  }
}
