package org.beamtemplates.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.transforms.retry.Sleeper;

/** Time that stands still until somebody sleeps or a test moves it. */
public final class ManualTime extends Clock implements Sleeper {

  private static final long serialVersionUID = 1L;

  private final transient List<Duration> sleeps = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** Moves the time. */
  public void advance(Duration duration) {
    now = now.plus(duration);
  }

  /** Returns how long everybody has slept, in order. */
  public List<Duration> sleeps() {
    return sleeps;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    sleeps.add(duration);
    advance(duration);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("Only UTC");
  }
}
