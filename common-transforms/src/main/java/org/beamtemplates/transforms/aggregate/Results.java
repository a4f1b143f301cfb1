package org.beamtemplates.transforms.aggregate;

import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.record.Ingested;

/** The tags and coders of what an aggregation gives. */
final class Results {

  private Results() {}

  /** Returns a tag that takes nothing along: one made in an instance would. */
  static <E> TupleTag<E> tag(String id) {
    return new TupleTag<>(id) {};
  }

  /** Returns the coder of the panes. */
  static <K, T, AccumT, R> Coder<WindowResult<K, R>> coder(
      AggregationSpec<K, T> spec, CombineFn<T, AccumT, R> combineFn, BundleInput<T> elements) {
    try {
      return WindowResult.coder(
          spec.keyCoder(),
          combineFn.getDefaultOutputCoder(
              elements.pipeline().getCoderRegistry(), Ingested.valueCoder(elements.coder())));
    } catch (CannotProvideCoderException e) {
      throw new IllegalArgumentException(
          "the CombineFn must name the coder of its results: override getDefaultOutputCoder", e);
    }
  }

  /** Returns the coder of the accumulators. */
  static <T, AccumT> Coder<AccumT> accumulatorCoder(
      CombineFn<T, AccumT, ?> combineFn, BundleInput<T> elements) {
    try {
      return combineFn.getAccumulatorCoder(
          elements.pipeline().getCoderRegistry(), Ingested.valueCoder(elements.coder()));
    } catch (CannotProvideCoderException e) {
      throw new IllegalArgumentException(
          "the CombineFn must name the coder of its accumulators: override getAccumulatorCoder", e);
    }
  }

  /** Returns a pane, with its window as numbers. */
  static <K, R> WindowResult<K, R> pane(
      K key, R value, BoundedWindow window, Timing timing, long revision, boolean last) {
    return new WindowResult<>(
        key,
        value,
        window instanceof IntervalWindow interval ? interval.start().getMillis() : Long.MIN_VALUE,
        window.maxTimestamp().getMillis() + 1,
        timing,
        revision,
        last);
  }

  @SuppressWarnings("unchecked") // every window of the function has this coder
  static Coder<BoundedWindow> windowCoder(AggregationSpec<?, ?> spec) {
    return (Coder<BoundedWindow>) spec.windows().windowCoder();
  }
}
