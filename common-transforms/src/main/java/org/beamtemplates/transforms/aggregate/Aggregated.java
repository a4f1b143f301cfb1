package org.beamtemplates.transforms.aggregate;

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

/**
 * What a {@link WindowedAggregation} gives: the results, and the elements that came too late.
 *
 * @param <K> type of the key
 * @param <T> type of the elements' values
 * @param <R> type of the aggregates
 */
public final class Aggregated<K, T, R> implements POutput {

  private final Pipeline pipeline;
  private final PCollection<WindowResult<K, R>> results;
  private final PCollection<LateElement<T>> late;
  private final TupleTag<WindowResult<K, R>> resultsTag = new TupleTag<>("results") {};
  private final TupleTag<LateElement<T>> lateTag;
  private final String stage;

  Aggregated(
      Pipeline pipeline,
      PCollection<WindowResult<K, R>> results,
      PCollection<LateElement<T>> late,
      TupleTag<LateElement<T>> lateTag,
      String stage) {
    this.pipeline = pipeline;
    this.results = results;
    this.late = late;
    this.lateTag = lateTag;
    this.stage = stage;
  }

  /** Returns the panes, with the timestamp of their window's end. */
  public PCollection<WindowResult<K, R>> results() {
    return results;
  }

  /** Returns the elements that came too late, once for each window that was closed. */
  public PCollection<LateElement<T>> late() {
    return late;
  }

  /**
   * Sends the late elements to the dead letters, under the name of the aggregation and encoded
   * again, and returns the results.
   *
   * @param encoder writes the payload of the dead letters
   */
  public PCollection<WindowResult<K, R>> lateTo(DeadLetters deadLetters, Encoder<T> encoder) {
    deadLetters.add(
        stage,
        late.apply(
                "LateToDeadLetters-" + stage,
                ParDo.of(new LateToDeadLetterFn<>(deadLetters.stage(stage), encoder)))
            .setCoder(DeadLetterCoder.of()));
    return results;
  }

  @Override
  public Pipeline getPipeline() {
    return pipeline;
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(resultsTag, results, lateTag, late);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // Both collections are finished by the transforms that make them.
  }
}
