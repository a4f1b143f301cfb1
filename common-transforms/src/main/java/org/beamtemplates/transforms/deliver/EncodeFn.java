package org.beamtemplates.transforms.deliver;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Encodes, so that a value that cannot be does not fail its bundle in the sink, for ever. */
final class EncodeFn<T, OutT> extends DoFn<T, OutT> {

  private static final long serialVersionUID = 1L;

  /** What is written of a value that can be encoded. */
  interface Written<T, OutT> extends Serializable {

    /**
     * Returns what the sink takes.
     *
     * @throws EncodeException if the sink will never take it
     */
    OutT of(T value, byte[] bytes) throws EncodeException;
  }

  private final DeliveryStage<T> stage;
  private final Written<T, OutT> written;
  private final TupleTag<DeadLetter> dead;

  EncodeFn(DeliveryStage<T> stage, Written<T, OutT> written, TupleTag<DeadLetter> dead) {
    this.stage = stage;
    this.written = written;
    this.dead = dead;
  }

  @Setup
  public void setup() {
    stage.open();
  }

  @ProcessElement
  public void process(
      @Element T value,
      @Timestamp Instant timestamp,
      OutputReceiver<OutT> encoded,
      MultiOutputReceiver outputs) {
    stage.in();
    byte @Nullable [] bytes = null;
    OutT output;
    try {
      bytes = stage.encode(value);
      output = written.of(value, bytes);
    } catch (EncodeException e) {
      outputs.get(dead).output(stage.dead(value, bytes, timestamp, e));
      return;
    }
    stage.out();
    encoded.output(output);
  }
}
