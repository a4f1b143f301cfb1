package org.beamtemplates.transforms.deadletter;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.schemas.DeadLetter;

/** Takes out of dead letters what must not be kept. */
final class RedactFn extends DoFn<DeadLetter, DeadLetter> {

  private static final long serialVersionUID = 1L;

  private final Redaction redaction;

  RedactFn(Redaction redaction) {
    this.redaction = redaction;
  }

  @ProcessElement
  public void process(@Element DeadLetter letter, OutputReceiver<DeadLetter> output) {
    output.output(redaction.apply(letter));
  }
}
