package org.beamtemplates.transforms.deadletter;

import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;

/**
 * Where dead letters go. The ready ones are in {@link DeadLetterSinks}; implement it for a place of
 * your own.
 */
@FunctionalInterface
public interface DeadLetterSink {

  /**
   * Writes the dead letters of a pipeline.
   *
   * @param deadLetters all dead letters, in the global window, with the timestamps of their
   *     records; bounded or not
   */
  POutput write(PCollection<DeadLetter> deadLetters);
}
