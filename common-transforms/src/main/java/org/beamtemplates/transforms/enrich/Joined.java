package org.beamtemplates.transforms.enrich;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.record.Ingested;

/**
 * What a {@link WindowJoin} gives: the pairs, and what found no partner.
 *
 * @param <L> type of the left elements' values
 * @param <R> type of the right elements' values
 * @param <P> type of the pairs
 */
public final class Joined<L, R, P> implements POutput {

  private final Pipeline pipeline;
  private final PCollection<Ingested<P>> pairs;
  private final PCollection<Unjoined<L>> left;
  private final PCollection<Unjoined<R>> right;
  private final TupleTag<Ingested<P>> pairsTag = new TupleTag<>("pairs") {};
  private final TupleTag<Unjoined<L>> leftTag = new TupleTag<>("left") {};
  private final TupleTag<Unjoined<R>> rightTag = new TupleTag<>("right") {};

  Joined(
      Pipeline pipeline,
      PCollection<Ingested<P>> pairs,
      PCollection<Unjoined<L>> left,
      PCollection<Unjoined<R>> right) {
    this.pipeline = pipeline;
    this.pairs = pairs;
    this.left = left;
    this.right = right;
  }

  /**
   * Returns the pairs, in the windows of the join, with the later of both timestamps, the
   * coordinates of the left element, and the later of both watermarks.
   */
  public PCollection<Ingested<P>> pairs() {
    return pairs;
  }

  /** Returns the left elements that were not joined, with the reason. */
  public PCollection<Unjoined<L>> left() {
    return left;
  }

  /** Returns the right elements that were not joined, with the reason. */
  public PCollection<Unjoined<R>> right() {
    return right;
  }

  @Override
  public Pipeline getPipeline() {
    return pipeline;
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(pairsTag, pairs, leftTag, left, rightTag, right);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // The collections are finished by the transforms that make them.
  }
}
