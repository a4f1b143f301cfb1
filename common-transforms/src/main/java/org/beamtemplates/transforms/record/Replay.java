package org.beamtemplates.transforms.record;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * What is known of the earlier attempts at a record that is processed again.
 *
 * @param deadLetterId id of the dead letter that was replayed
 * @param attempt which attempt this is: 2 for the first replay
 * @param firstFailureMillis when the record failed for the first time, in milliseconds since the
 *     epoch
 */
public record Replay(String deadLetterId, int attempt, long firstFailureMillis)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  public Replay {
    requireNonNull(deadLetterId, "deadLetterId");
    if (attempt < 2) {
      throw new IllegalArgumentException("a replay is the second attempt at least, not " + attempt);
    }
  }
}
