package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A sum of longs that says whether it is one.
 *
 * @param value the sum; if it overflowed, {@link Long#MAX_VALUE} or {@link Long#MIN_VALUE},
 *     whichever is nearer
 * @param overflowed whether the sum is beyond the range of a long
 */
public record LongSum(long value, boolean overflowed) implements Serializable {

  /** Returns the coder of sums; deterministic. */
  public static Coder<LongSum> coder() {
    return LongSumCoder.INSTANCE;
  }

  private static final class LongSumCoder extends AtomicCoder<LongSum> {

    private static final long serialVersionUID = 1L;
    private static final LongSumCoder INSTANCE = new LongSumCoder();
    private static final VarLongCoder LONG = VarLongCoder.of();
    private static final BooleanCoder BOOLEAN = BooleanCoder.of();

    @Override
    public void encode(LongSum sum, OutputStream out) throws IOException {
      LONG.encode(sum.value(), out);
      BOOLEAN.encode(sum.overflowed(), out);
    }

    @Override
    public LongSum decode(InputStream in) throws IOException {
      return new LongSum(LONG.decode(in), BOOLEAN.decode(in));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
