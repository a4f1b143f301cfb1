package org.beamtemplates.transforms.bucket;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a {@link BundleStep} is applied to: elements one by one, or in batches.
 *
 * @param <T> type of the elements' values
 */
public final class BundleInput<T> {

  private final @Nullable PCollection<Ingested<T>> elements;
  private final @Nullable PCollection<IngestedBatch<T>> batches;

  private BundleInput(
      @Nullable PCollection<Ingested<T>> elements,
      @Nullable PCollection<IngestedBatch<T>> batches) {
    this.elements = elements;
    this.batches = batches;
  }

  /** Elements one by one. */
  public static <T> BundleInput<T> of(PCollection<Ingested<T>> elements) {
    return new BundleInput<>(elements, null);
  }

  /** Elements in batches. */
  public static <T> BundleInput<T> ofBatches(PCollection<IngestedBatch<T>> batches) {
    return new BundleInput<>(null, batches);
  }

  /** Returns the pipeline of the elements. */
  public Pipeline pipeline() {
    return elements == null ? batches.getPipeline() : elements.getPipeline();
  }

  /** Returns the coder of the elements. */
  public Coder<Ingested<T>> coder() {
    return elements == null
        ? Ingested.coder(IngestedBatch.valueCoder(batches.getCoder()))
        : elements.getCoder();
  }

  /** Returns the elements one by one. */
  public PCollection<Ingested<T>> each() {
    return elements == null ? batches.apply("Each", IngestedBatch.each()) : elements;
  }

  /** Applies a step in the global window. */
  public <OutT> PCollectionTuple apply(
      String name, BundleStep<T, OutT> step, TupleTag<OutT> output, TupleTagList others) {
    return elements == null
        ? apply(name, batches, step.forBatches(), output, others)
        : apply(name, elements, step.forEach(), output, others);
  }

  private static <E, OutT> PCollectionTuple apply(
      String name,
      PCollection<E> input,
      DoFn<E, OutT> fn,
      TupleTag<OutT> output,
      TupleTagList others) {
    return global(input).apply(name, ParDo.of(fn).withOutputTags(output, others));
  }

  /**
   * Puts elements into the global window: of any other, a stateful step drops what is late. A hop
   * less for those that are there, as those of a source are.
   */
  public static <E> PCollection<E> global(PCollection<E> elements) {
    return elements.getWindowingStrategy().getWindowFn() instanceof GlobalWindows
        ? elements
        : elements.apply("Elements", Window.into(new GlobalWindows()));
  }
}
