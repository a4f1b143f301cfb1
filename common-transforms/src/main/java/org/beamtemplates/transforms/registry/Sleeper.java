package org.beamtemplates.transforms.registry;

import java.io.Serializable;
import java.time.Duration;

/** Waits; tests let a clock jump instead. */
@FunctionalInterface
interface Sleeper extends Serializable {

  /** Sleeps on the thread. */
  Sleeper THREAD = duration -> Thread.sleep(duration.toMillis());

  void sleep(Duration duration) throws InterruptedException;
}
