package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/** The mean of longs, of an exact sum and a count. */
final class MeanFn<T> extends AggregateFn<T, MeanFn.Total, Mean> {

  private static final long serialVersionUID = 1L;
  private static final Coder<Total> CODER = VersionedCoder.of("mean", new TotalCoder());

  /** Sum and number of the elements. */
  record Total(Int128 sum, long count) {}

  private final ToLong<T> number;

  MeanFn(ToLong<T> number) {
    this.number = number;
  }

  @Override
  public Total createAccumulator() {
    return new Total(Int128.ZERO, 0);
  }

  @Override
  public Total addInput(Total total, T element) {
    return new Total(total.sum().plus(number.applyAsLong(element)), total.count() + 1);
  }

  @Override
  public Total mergeAccumulators(Iterable<Total> totals) {
    Int128 sum = Int128.ZERO;
    long count = 0;
    for (Total total : totals) {
      sum = sum.plus(total.sum());
      count += total.count();
    }
    return new Total(sum, count);
  }

  @Override
  public Mean extractOutput(Total total) {
    double mean =
        total.count() == 0
            ? Double.NaN
            : Rounding.quotient(total.sum().toBigInteger(), total.count(), 0);
    return new Mean(mean, total.count());
  }

  @Override
  Coder<Total> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<Mean> resultCoder() {
    return Mean.coder();
  }

  private static final class TotalCoder extends AtomicCoder<Total> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Total total, OutputStream out) throws IOException {
      Int128.coder().encode(total.sum(), out);
      VarLongCoder.of().encode(total.count(), out);
    }

    @Override
    public Total decode(InputStream in) throws IOException {
      return new Total(Int128.coder().decode(in), VarLongCoder.of().decode(in));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
