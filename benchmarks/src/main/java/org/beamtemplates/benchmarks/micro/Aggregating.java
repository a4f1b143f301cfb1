package org.beamtemplates.benchmarks.micro;

import java.util.List;
import java.util.SplittableRandom;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.beamtemplates.transforms.aggregate.fn.Aggregates;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Sum, count and maximum of 1000 numbers, in two accumulators that are merged; the peer is written
 * by hand and notices no overflow.
 */
@State(Scope.Thread)
public class Aggregating {

  private final long[] numbers = new SplittableRandom(1).longs(1_000, 0, 100_000).toArray();
  private final CombineFn<Long, ?, Long> library =
      Aggregates.compose(
          Aggregates.sum((Long number) -> number),
          Aggregates.<Long>count(),
          Aggregates.max(VarLongCoder.of()),
          (sum, count, max) -> sum.value() + count + max.orElseThrow(),
          VarLongCoder.of());
  private final CombineFn<Long, ?, Long> peer = new ByHand();

  @Benchmark
  public long libraryAddAndMerge() {
    return merged(library);
  }

  @Benchmark
  public long peerAddAndMerge() {
    return merged(peer);
  }

  private <A> long merged(CombineFn<Long, A, Long> fn) {
    A first = fn.createAccumulator();
    A second = fn.createAccumulator();
    for (int i = 0; i < numbers.length; i++) {
      if (i % 2 == 0) {
        first = fn.addInput(first, numbers[i]);
      } else {
        second = fn.addInput(second, numbers[i]);
      }
    }
    return fn.extractOutput(fn.mergeAccumulators(List.of(first, second)));
  }

  /** What one writes who needs just this; its accumulator is sum, count, maximum. */
  private static final class ByHand extends CombineFn<Long, long[], Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public long[] createAccumulator() {
      return new long[] {0, 0, Long.MIN_VALUE};
    }

    @Override
    public long[] addInput(long[] totals, Long number) {
      totals[0] += number;
      totals[1]++;
      totals[2] = Math.max(totals[2], number);
      return totals;
    }

    @Override
    public long[] mergeAccumulators(Iterable<long[]> accumulators) {
      long[] merged = createAccumulator();
      for (long[] totals : accumulators) {
        merged[0] += totals[0];
        merged[1] += totals[1];
        merged[2] = Math.max(merged[2], totals[2]);
      }
      return merged;
    }

    @Override
    public Long extractOutput(long[] totals) {
      return totals[0] + totals[1] + totals[2];
    }
  }
}
