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
 * An arithmetic mean.
 *
 * @param value the double nearest to the exact mean; NaN if there are no elements
 * @param count number of elements
 */
public record Mean(double value, long count) implements Serializable {

  /** Returns the coder of means; deterministic. */
  public static Coder<Mean> coder() {
    return MeanCoder.INSTANCE;
  }

  private static final class MeanCoder extends AtomicCoder<Mean> {

    private static final long serialVersionUID = 1L;
    private static final MeanCoder INSTANCE = new MeanCoder();

    @Override
    public void encode(Mean mean, OutputStream out) throws IOException {
      DoubleCoder.of().encode(mean.value(), out);
      VarLongCoder.of().encode(mean.count(), out);
    }

    @Override
    public Mean decode(InputStream in) throws IOException {
      return new Mean(DoubleCoder.of().decode(in), VarLongCoder.of().decode(in));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
