package org.beamtemplates.transforms.state;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/** Makes dead letters of late events. */
final class LateToDeadLetterFn<T> extends DoFn<Ingested<T>, DeadLetter> {

  private static final long serialVersionUID = 1L;

  /** Why such an event is a dead letter; nothing is thrown. */
  private static final class TooLateException extends Exception {

    private static final long serialVersionUID = 1L;

    TooLateException(long behindMillis) {
      super(
          "event time is behind the watermark by "
              + behindMillis
              + " ms, which is more than the allowed lateness");
    }
  }

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
  public void process(
      @Element Ingested<T> late, @Timestamp Instant timestamp, OutputReceiver<DeadLetter> output) {
    long eventTimeMillis = timestamp.getMillis();
    TooLateException why = new TooLateException(late.watermarkMillis() - eventTimeMillis);
    byte[] payload = null;
    try {
      payload = encoder.encode(late.value());
    } catch (EncodeException e) {
      why.initCause(e);
    }
    DeadLetter letter =
        letters.ofEvent(
            Categories.LATE, late.origin(), payload, encoder.contentType(), eventTimeMillis, why);
    letter.setWatermarkMs(late.watermarkMillis());
    output.output(letter);
  }
}
