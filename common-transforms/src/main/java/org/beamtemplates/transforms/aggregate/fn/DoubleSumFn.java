package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** Sums doubles exactly. */
final class DoubleSumFn<T> extends AggregateFn<T, DoubleSumFn.Total, DoubleSum> {

  private static final long serialVersionUID = 1L;
  private static final Coder<Total> CODER = VersionedCoder.of("sum of doubles", new TotalCoder());

  /** The sum of the finite numbers, and how many there are of each kind. */
  static final class Total {

    private final ExactDouble sum;
    private long finite;
    private long nans;
    private long positiveInfinities;
    private long negativeInfinities;

    private Total(ExactDouble sum) {
      this.sum = sum;
    }

    void add(double number) {
      if (Double.isFinite(number)) {
        sum.add(number);
        finite++;
      } else if (Double.isNaN(number)) {
        nans++;
      } else if (number > 0) {
        positiveInfinities++;
      } else {
        negativeInfinities++;
      }
    }

    void add(Total other) {
      sum.add(other.sum);
      finite += other.finite;
      nans += other.nans;
      positiveInfinities += other.positiveInfinities;
      negativeInfinities += other.negativeInfinities;
    }

    DoubleSum toResult() {
      return new DoubleSum(
          sum.dividedBy(1),
          finite == 0 ? Double.NaN : sum.dividedBy(finite),
          finite,
          nans,
          positiveInfinities,
          negativeInfinities);
    }
  }

  private final ToDouble<T> number;

  DoubleSumFn(ToDouble<T> number) {
    this.number = number;
  }

  @Override
  public Total createAccumulator() {
    return new Total(new ExactDouble());
  }

  @Override
  public Total addInput(Total total, T element) {
    total.add(number.applyAsDouble(element));
    return total;
  }

  @Override
  public Total mergeAccumulators(Iterable<Total> totals) {
    Total merged = createAccumulator();
    totals.forEach(merged::add);
    return merged;
  }

  @Override
  public DoubleSum extractOutput(Total total) {
    return total.toResult();
  }

  @Override
  Coder<Total> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<DoubleSum> resultCoder() {
    return DoubleSum.coder();
  }

  /** Writes the counts, then the sum; the same bytes for the same numbers in any order. */
  private static final class TotalCoder extends AtomicCoder<Total> {

    private static final long serialVersionUID = 1L;
    private static final VarLongCoder LONG = VarLongCoder.of();

    @Override
    public void encode(Total total, OutputStream out) throws IOException {
      LONG.encode(total.finite, out);
      LONG.encode(total.nans, out);
      LONG.encode(total.positiveInfinities, out);
      LONG.encode(total.negativeInfinities, out);
      total.sum.encode(out);
    }

    @Override
    public Total decode(InputStream in) throws IOException {
      long finite = LONG.decode(in);
      long nans = LONG.decode(in);
      long positiveInfinities = LONG.decode(in);
      long negativeInfinities = LONG.decode(in);
      Total total = new Total(ExactDouble.decode(in));
      total.finite = finite;
      total.nans = nans;
      total.positiveInfinities = positiveInfinities;
      total.negativeInfinities = negativeInfinities;
      return total;
    }
  }
}
