package org.beamtemplates.transforms.aggregate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * A session of a key in state.
 *
 * @param accumulator what the next pane holds
 * @param revision number of the next pane of this window
 * @param ended whether it has had the pane that the watermark makes at its end
 * @param changed whether something came that no pane holds yet
 */
record KeptSession<AccumT>(
    long startMillis,
    long endMillis,
    AccumT accumulator,
    long revision,
    boolean ended,
    boolean changed)
    implements Span {

  /** A window without panes yet. */
  static <AccumT> KeptSession<AccumT> fresh(long startMillis, long endMillis, AccumT accumulator) {
    return new KeptSession<>(startMillis, endMillis, accumulator, 0, false, true);
  }

  /** Returns the same window with more in it. */
  KeptSession<AccumT> with(AccumT more) {
    return new KeptSession<>(startMillis, endMillis, more, revision, ended, true);
  }

  /** Returns the same window after a pane. */
  KeptSession<AccumT> afterPane(AccumT left, boolean hasEnded) {
    return new KeptSession<>(startMillis, endMillis, left, revision + 1, hasEnded, false);
  }

  static <AccumT> Coder<KeptSession<AccumT>> coder(Coder<AccumT> accumulatorCoder) {
    return new KeptCoder<>(accumulatorCoder);
  }

  private static final class KeptCoder<AccumT> extends StructuredCoder<KeptSession<AccumT>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();
    private static final VarLongCoder LONG = VarLongCoder.of();
    private static final VarIntCoder FLAGS = VarIntCoder.of();
    private static final int ENDED = 1;
    private static final int CHANGED = 2;

    private final Coder<AccumT> accumulatorCoder;

    KeptCoder(Coder<AccumT> accumulatorCoder) {
      this.accumulatorCoder = accumulatorCoder;
    }

    @Override
    public void encode(KeptSession<AccumT> session, OutputStream out) throws IOException {
      MILLIS.encode(session.startMillis(), out);
      LONG.encode(session.endMillis() - session.startMillis(), out);
      LONG.encode(session.revision(), out);
      FLAGS.encode((session.ended() ? ENDED : 0) | (session.changed() ? CHANGED : 0), out);
      accumulatorCoder.encode(session.accumulator(), out);
    }

    @Override
    public KeptSession<AccumT> decode(InputStream in) throws IOException {
      long start = MILLIS.decode(in);
      long end = start + LONG.decode(in);
      long revision = LONG.decode(in);
      int flags = FLAGS.decode(in);
      return new KeptSession<>(
          start,
          end,
          accumulatorCoder.decode(in),
          revision,
          (flags & ENDED) != 0,
          (flags & CHANGED) != 0);
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(accumulatorCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the accumulator's coder must be deterministic", accumulatorCoder);
    }

    @Override
    public boolean consistentWithEquals() {
      return accumulatorCoder.consistentWithEquals();
    }

    @Override
    public Object structuralValue(KeptSession<AccumT> session) {
      return new KeptSession<>(
          session.startMillis(),
          session.endMillis(),
          accumulatorCoder.structuralValue(session.accumulator()),
          session.revision(),
          session.ended(),
          session.changed());
    }
  }
}
