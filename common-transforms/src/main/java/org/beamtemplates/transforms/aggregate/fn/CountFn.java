package org.beamtemplates.transforms.aggregate.fn;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Counts the elements. */
final class CountFn<T> extends AggregateFn<T, Long, Long> {

  private static final long serialVersionUID = 1L;
  private static final Coder<Long> CODER = VersionedCoder.of("count", VarLongCoder.of());

  @Override
  public Long createAccumulator() {
    return 0L;
  }

  @Override
  public Long addInput(Long count, T element) {
    return count + 1;
  }

  @Override
  public Long mergeAccumulators(Iterable<Long> counts) {
    long merged = 0;
    for (long count : counts) {
      merged += count;
    }
    return merged;
  }

  @Override
  public Long extractOutput(Long count) {
    return count;
  }

  @Override
  Coder<Long> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<Long> resultCoder() {
    return VarLongCoder.of();
  }
}
