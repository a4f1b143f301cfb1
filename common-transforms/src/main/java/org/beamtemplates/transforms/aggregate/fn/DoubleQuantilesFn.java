package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/** Estimates quantiles of doubles with a KLL sketch, and counts what is not a number. */
final class DoubleQuantilesFn<T>
    extends AggregateFn<T, DoubleQuantilesFn.Numbers, DoubleQuantiles> {

  private static final long serialVersionUID = 1L;
  private static final Coder<Numbers> CODER =
      VersionedCoder.of("quantiles of doubles", new NumbersCoder());

  /** A sketch of the numbers, and how many were none. */
  static final class Numbers {

    private final KllDoublesSketch sketch;
    private long nans;

    private Numbers(KllDoublesSketch sketch, long nans) {
      this.sketch = sketch;
      this.nans = nans;
    }
  }

  private final ToDouble<T> number;
  private final int k;
  private final double[] ranks;

  DoubleQuantilesFn(ToDouble<T> number, int k, double... ranks) {
    this.number = number;
    this.k = k;
    this.ranks = Sketches.checkedRanks(ranks);
  }

  @Override
  public Numbers createAccumulator() {
    return new Numbers(KllDoublesSketch.newHeapInstance(k), 0);
  }

  @Override
  public Numbers addInput(Numbers numbers, T element) {
    double value = number.applyAsDouble(element);
    if (Double.isNaN(value)) {
      numbers.nans++;
    } else {
      numbers.sketch.update(value);
    }
    return numbers;
  }

  @Override
  public Numbers mergeAccumulators(Iterable<Numbers> several) {
    Numbers merged = createAccumulator();
    for (Numbers numbers : several) {
      merged.sketch.merge(numbers.sketch);
      merged.nans += numbers.nans;
    }
    return merged;
  }

  @Override
  public DoubleQuantiles extractOutput(Numbers numbers) {
    List<Double> values =
        numbers.sketch.isEmpty()
            ? List.of()
            : Arrays.stream(numbers.sketch.getQuantiles(ranks, QuantileSearchCriteria.INCLUSIVE))
                .boxed()
                .toList();
    return new DoubleQuantiles(values, numbers.nans);
  }

  @Override
  Coder<Numbers> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<DoubleQuantiles> resultCoder() {
    return DoubleQuantiles.coder();
  }

  /** Writes the count, then the sketch in its own compact format. */
  private static final class NumbersCoder extends CustomCoder<Numbers> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Numbers numbers, OutputStream out) throws IOException {
      VarLongCoder.of().encode(numbers.nans, out);
      ByteArrayCoder.of().encode(numbers.sketch.toByteArray(), out);
    }

    @Override
    public Numbers decode(InputStream in) throws IOException {
      long nans = VarLongCoder.of().decode(in);
      return new Numbers(
          KllDoublesSketch.heapify(Memory.wrap(ByteArrayCoder.of().decode(in))), nans);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      throw Sketches.nonDeterministic(this);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NumbersCoder;
    }

    @Override
    public int hashCode() {
      return NumbersCoder.class.hashCode();
    }
  }
}
