package org.beamtemplates.transforms.aggregate;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.record.Ingested;

/** Makes dead letters of late elements. */
final class LateToDeadLetterFn<T> extends DoFn<LateElement<T>, DeadLetter> {

  private static final long serialVersionUID = 1L;

  private final StageDeadLetters letters;
  private final Encoder<T> encoder;

  LateToDeadLetterFn(StageDeadLetters letters, Encoder<T> encoder) {
    this.letters = letters;
    this.encoder = encoder;
  }

  @Setup
  public void setup() {
    encoder.open();
  }

  @ProcessElement
  public void process(@Element LateElement<T> late, OutputReceiver<DeadLetter> output) {
    output.output(letter(late));
  }

  private DeadLetter letter(LateElement<T> late) {
    Ingested<T> element = late.element();
    byte[] payload;
    try {
      payload = encoder.encode(element.value());
    } catch (EncodeException e) {
      return letters.ofLate(
          element.origin(),
          e,
          encoder.contentType(),
          late.eventTimeMillis(),
          late.window(),
          element.watermarkMillis());
    }
    return letters.ofLate(
        element.origin(),
        payload,
        encoder.contentType(),
        late.eventTimeMillis(),
        late.window(),
        element.watermarkMillis());
  }
}
