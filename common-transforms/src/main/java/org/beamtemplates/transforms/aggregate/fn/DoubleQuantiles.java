package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Quantiles of doubles. Infinities are numbers like others, at the ends; NaN is not.
 *
 * @param values the quantiles, in the order of the ranks; empty if there are no numbers
 * @param nans how many were NaN, and left out
 */
public record DoubleQuantiles(List<Double> values, long nans) implements Serializable {

  public DoubleQuantiles {
    values = List.copyOf(values);
  }

  /** Returns the coder of quantiles; deterministic. */
  public static Coder<DoubleQuantiles> coder() {
    return DoubleQuantilesCoder.INSTANCE;
  }

  private static final class DoubleQuantilesCoder extends AtomicCoder<DoubleQuantiles> {

    private static final long serialVersionUID = 1L;
    private static final DoubleQuantilesCoder INSTANCE = new DoubleQuantilesCoder();
    private static final ListCoder<Double> VALUES = ListCoder.of(DoubleCoder.of());

    @Override
    public void encode(DoubleQuantiles quantiles, OutputStream out) throws IOException {
      VALUES.encode(quantiles.values(), out);
      VarLongCoder.of().encode(quantiles.nans(), out);
    }

    @Override
    public DoubleQuantiles decode(InputStream in) throws IOException {
      return new DoubleQuantiles(VALUES.decode(in), VarLongCoder.of().decode(in));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
