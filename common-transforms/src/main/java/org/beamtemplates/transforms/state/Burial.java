package org.beamtemplates.transforms.state;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.record.Ingested;

/** Makes dead letters of the events that a function failed for. */
final class Burial<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final StageDeadLetters letters;
  private final Encoder<T> encoder;
  private final TupleTag<DeadLetter> dead;

  Burial(StageDeadLetters letters, Encoder<T> encoder, TupleTag<DeadLetter> dead) {
    this.letters = letters;
    this.encoder = encoder;
    this.dead = dead;
  }

  void open() {
    encoder.open();
  }

  /** Throws the error again if it is not the event's fault. */
  void bury(
      Ingested<T> element, long eventTimeMillis, Throwable error, MultiOutputReceiver output) {
    letters.rethrowInfrastructure(error);
    output
        .get(dead)
        .output(letters.ofEvent(Categories.PROCESS, element, encoder, eventTimeMillis, error));
  }
}
