package org.beamtemplates.transforms.retry;

import java.io.Serializable;
import java.time.Duration;

/** Waits; tests let a clock jump instead. */
@FunctionalInterface
public interface Sleeper extends Serializable {

  /** Sleeps on the thread. */
  Sleeper THREAD = duration -> Thread.sleep(duration.toMillis());

  /** Returns when the time is over. */
  void sleep(Duration duration) throws InterruptedException;
}
