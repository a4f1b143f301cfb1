package org.beamtemplates.pipelines.deadletterreplay;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.beamtemplates.schemas.DeadLetter;

/**
 * How long a record rests before it is tried again: for a while after the first failure, twice as
 * long after each further one, an hour at most.
 *
 * @param first the rest after the first failure
 */
record Backoff(Duration first) implements Serializable {

  private static final Duration LONGEST = Duration.ofHours(1);

  /** Returns when the record may be tried again. */
  Instant due(DeadLetter letter) {
    return Instant.ofEpochMilli(letter.getLastFailureMs()).plus(restAfter(letter.getAttempts()));
  }

  Duration restAfter(int attempts) {
    if (first.isZero()) {
      return Duration.ZERO;
    }
    Duration rest = first;
    for (int attempt = 1; attempt < attempts && rest.compareTo(LONGEST) < 0; attempt++) {
      rest = rest.multipliedBy(2);
    }
    return rest.compareTo(LONGEST) < 0 ? rest : LONGEST;
  }
}
