package org.beamtemplates.transforms.aggregate.fn;

import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Combines a field of the elements; one that is null is left out. */
final class FieldFn<T, FieldT, AccumT, R> extends CombineFn<T, AccumT, R> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, @Nullable FieldT> field;
  /** Null if the function has no need for it. */
  private final @Nullable Coder<FieldT> fieldCoder;

  private final CombineFn<? super FieldT, AccumT, R> fn;

  FieldFn(
      SerializableFunction<T, @Nullable FieldT> field,
      @Nullable Coder<FieldT> fieldCoder,
      CombineFn<? super FieldT, AccumT, R> fn) {
    this.field = field;
    this.fieldCoder = fieldCoder;
    this.fn = fn;
  }

  @Override
  public AccumT createAccumulator() {
    return fn.createAccumulator();
  }

  @Override
  public AccumT addInput(AccumT accumulator, T element) {
    FieldT value = field.apply(element);
    return value == null ? accumulator : fn.addInput(accumulator, value);
  }

  @Override
  public AccumT mergeAccumulators(Iterable<AccumT> accumulators) {
    List<AccumT> merging = ComposedFn.toMerge(fn);
    accumulators.forEach(merging::add);
    return fn.mergeAccumulators(merging);
  }

  @Override
  public AccumT compact(AccumT accumulator) {
    return fn.compact(accumulator);
  }

  @Override
  public R extractOutput(AccumT accumulator) {
    return fn.extractOutput(accumulator);
  }

  @Override
  public Coder<AccumT> getAccumulatorCoder(CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    return ComposedFn.accumulatorCoder(fn, registry, fieldCoder);
  }

  @Override
  public Coder<R> getDefaultOutputCoder(CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    return ComposedFn.resultCoder(fn, registry, fieldCoder);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.delegate(fn);
  }
}
