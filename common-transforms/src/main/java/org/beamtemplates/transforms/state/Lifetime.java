package org.beamtemplates.transforms.state;

import java.io.Serializable;
import java.time.Duration;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.record.Ingested;

/**
 * How long a state can be seen. Decided from event times and the watermarks of readers alone, so
 * that it does not matter when a timer fires.
 *
 * @param timeToLiveMillis how long after its last event a state can be seen
 * @param latenessMillis how far an event may be behind its reader's watermark
 */
record Lifetime(long timeToLiveMillis, long latenessMillis) implements Serializable {

  /** Returns whether an event is too late to be looked at. */
  boolean isLate(Ingested<?> element, long eventTimeMillis) {
    return Sweeps.after(eventTimeMillis, latenessMillis) < element.watermarkMillis();
  }

  /** Returns whether a state can be seen by an event. */
  boolean covers(Entry<?> entry, long eventTimeMillis) {
    return eventTimeMillis <= entry.lastMillis() + timeToLiveMillis;
  }

  /** Returns the watermark at which every event that could see the state is too late. */
  long endsAt(Entry<?> entry) {
    return Sweeps.after(entry.lastMillis(), timeToLiveMillis + latenessMillis + 1);
  }

  /** Returns when to look for states that have ended. */
  Sweeps sweeps() {
    return Sweeps.of(Duration.ofMillis(timeToLiveMillis + latenessMillis));
  }
}
