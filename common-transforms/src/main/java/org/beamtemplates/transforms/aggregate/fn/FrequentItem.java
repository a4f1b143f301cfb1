package org.beamtemplates.transforms.aggregate.fn;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A text that is among the most frequent ones.
 *
 * @param item the text
 * @param estimate about how often it came; never less than the truth
 * @param lowerBound how often it came at least; equal to the estimate while all texts fit
 */
public record FrequentItem(String item, long estimate, long lowerBound) implements Serializable {

  public FrequentItem {
    requireNonNull(item, "item");
  }

  /** Returns the coder of items; deterministic. */
  public static Coder<FrequentItem> coder() {
    return FrequentItemCoder.INSTANCE;
  }

  private static final class FrequentItemCoder extends AtomicCoder<FrequentItem> {

    private static final long serialVersionUID = 1L;
    private static final FrequentItemCoder INSTANCE = new FrequentItemCoder();
    private static final StringUtf8Coder STRING = StringUtf8Coder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();

    @Override
    public void encode(FrequentItem item, OutputStream out) throws IOException {
      STRING.encode(item.item(), out);
      LONG.encode(item.estimate(), out);
      LONG.encode(item.lowerBound(), out);
    }

    @Override
    public FrequentItem decode(InputStream in) throws IOException {
      return new FrequentItem(STRING.decode(in), LONG.decode(in), LONG.decode(in));
    }

    @Override
    public boolean consistentWithEquals() {
      return true;
    }
  }
}
