package org.beamtemplates.transforms.aggregate.fn;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** Sums longs exactly; what is made of the sum in the end is a function. */
final class LongSumFn<T, R> extends AggregateFn<T, Int128, R> {

  private static final long serialVersionUID = 1L;
  private static final Coder<Int128> CODER = VersionedCoder.of("sum", Int128.coder());

  private final ToLong<T> number;
  private final SerializableFunction<Int128, R> result;
  private final Coder<R> resultCoder;

  LongSumFn(ToLong<T> number, SerializableFunction<Int128, R> result, Coder<R> resultCoder) {
    this.number = number;
    this.result = result;
    this.resultCoder = resultCoder;
  }

  @Override
  public Int128 createAccumulator() {
    return Int128.ZERO;
  }

  @Override
  public Int128 addInput(Int128 sum, T element) {
    return sum.plus(number.applyAsLong(element));
  }

  @Override
  public Int128 mergeAccumulators(Iterable<Int128> sums) {
    Int128 merged = Int128.ZERO;
    for (Int128 sum : sums) {
      merged = merged.plus(sum);
    }
    return merged;
  }

  @Override
  public R extractOutput(Int128 sum) {
    return result.apply(sum);
  }

  @Override
  Coder<Int128> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<R> resultCoder() {
    return resultCoder;
  }
}
