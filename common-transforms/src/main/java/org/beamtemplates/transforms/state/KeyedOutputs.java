package org.beamtemplates.transforms.state;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;

/**
 * What a {@link KeyedState} gives: the outputs, and the events that came too late.
 *
 * @param <T> type of the events
 * @param <O> type of the outputs
 */
public final class KeyedOutputs<T, O> implements POutput {

  private final Pipeline pipeline;
  private final PCollection<Ingested<O>> outputs;
  private final PCollection<Ingested<T>> late;
  private final TupleTag<Ingested<O>> outputsTag;
  private final TupleTag<Ingested<T>> lateTag;
  private final String stage;

  KeyedOutputs(
      PCollection<Ingested<O>> outputs,
      PCollection<Ingested<T>> late,
      TupleTag<Ingested<O>> outputsTag,
      TupleTag<Ingested<T>> lateTag,
      String stage) {
    this.pipeline = outputs.getPipeline();
    this.outputs = outputs;
    this.late = late;
    this.outputsTag = outputsTag;
    this.lateTag = lateTag;
    this.stage = stage;
  }

  /**
   * Returns the outputs in the global window, each with the timestamp, the coordinates and the
   * watermark of its event.
   */
  public PCollection<Ingested<O>> outputs() {
    return outputs;
  }

  /** Returns the events that came too late, with their timestamps, in the global window. */
  public PCollection<Ingested<T>> late() {
    return late;
  }

  /**
   * Sends the late events to the dead letters, encoded again, and returns the outputs.
   *
   * @param encoder writes the payload of the dead letters
   */
  public PCollection<Ingested<O>> lateTo(DeadLetters deadLetters, Encoder<T> encoder) {
    deadLetters.add(
        stage + "-late",
        late.apply(
                "LateToDeadLetters-" + stage,
                ParDo.of(new LateToDeadLetterFn<>(deadLetters.stage(stage), encoder)))
            .setCoder(DeadLetterCoder.of()));
    return outputs;
  }

  @Override
  public Pipeline getPipeline() {
    return pipeline;
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(outputsTag, outputs, lateTag, late);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // Both collections are finished by the transforms that make them.
  }
}
