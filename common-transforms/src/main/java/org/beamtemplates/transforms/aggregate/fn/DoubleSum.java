package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Sum and mean of the finite ones among doubles; the others are counted apart.
 *
 * @param sum the double nearest to the exact sum of the finite numbers; infinite if that is beyond
 *     the range of doubles
 * @param mean the double nearest to their exact mean, finite even where the sum is not; NaN if
 *     there are none
 * @param finite how many numbers were finite
 * @param nans how many were NaN
 * @param positiveInfinities how many were infinite
 * @param negativeInfinities how many were negative and infinite
 */
public record DoubleSum(
    double sum,
    double mean,
    long finite,
    long nans,
    long positiveInfinities,
    long negativeInfinities) implements Serializable {

  /** Returns the coder of sums; deterministic. */
  public static Coder<DoubleSum> coder() {
    return DoubleSumCoder.INSTANCE;
  }

  private static final class DoubleSumCoder extends AtomicCoder<DoubleSum> {

    private static final long serialVersionUID = 1L;
    private static final DoubleSumCoder INSTANCE = new DoubleSumCoder();
    private static final DoubleCoder DOUBLE = DoubleCoder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();

    @Override
    public void encode(DoubleSum sum, OutputStream out) throws IOException {
      DOUBLE.encode(sum.sum(), out);
      DOUBLE.encode(sum.mean(), out);
      LONG.encode(sum.finite(), out);
      LONG.encode(sum.nans(), out);
      LONG.encode(sum.positiveInfinities(), out);
      LONG.encode(sum.negativeInfinities(), out);
    }

    @Override
    public DoubleSum decode(InputStream in) throws IOException {
      return new DoubleSum(
          DOUBLE.decode(in),
          DOUBLE.decode(in),
          LONG.decode(in),
          LONG.decode(in),
          LONG.decode(in),
          LONG.decode(in));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
