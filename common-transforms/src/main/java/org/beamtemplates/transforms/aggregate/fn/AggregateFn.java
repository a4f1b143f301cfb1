package org.beamtemplates.transforms.aggregate.fn;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;

/**
 * What the functions of this package have in common: they know their coders, whatever the elements
 * are. {@code addInput} may change the accumulator that it is given; {@code mergeAccumulators}
 * never changes or gives back one of those, which the runner may keep.
 */
abstract class AggregateFn<T, AccumT, R> extends CombineFn<T, AccumT, R> {

  private static final long serialVersionUID = 1L;

  /** Returns the coder of accumulators, with its version. */
  abstract Coder<AccumT> accumulatorCoder();

  abstract Coder<R> resultCoder();

  @Override
  public final Coder<AccumT> getAccumulatorCoder(CoderRegistry registry, Coder<T> inputCoder) {
    return accumulatorCoder();
  }

  @Override
  public final Coder<R> getDefaultOutputCoder(CoderRegistry registry, Coder<T> inputCoder) {
    return resultCoder();
  }
}
