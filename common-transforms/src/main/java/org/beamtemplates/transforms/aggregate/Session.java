package org.beamtemplates.transforms.aggregate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * Elements of one key in a bundle, none farther than the gap from the next.
 *
 * @param startMillis event time of the first
 * @param endMillis event time of the last, and the gap
 */
record Session<AccumT>(long startMillis, long endMillis, AccumT accumulator) implements Span {

  static <AccumT> Coder<Session<AccumT>> coder(Coder<AccumT> accumulatorCoder) {
    return new SessionCoder<>(accumulatorCoder);
  }

  private static final class SessionCoder<AccumT> extends StructuredCoder<Session<AccumT>> {

    private static final long serialVersionUID = 1L;
    private static final BigEndianLongCoder MILLIS = BigEndianLongCoder.of();
    private static final VarLongCoder LENGTH = VarLongCoder.of();

    private final Coder<AccumT> accumulatorCoder;

    SessionCoder(Coder<AccumT> accumulatorCoder) {
      this.accumulatorCoder = accumulatorCoder;
    }

    @Override
    public void encode(Session<AccumT> session, OutputStream out) throws IOException {
      MILLIS.encode(session.startMillis(), out);
      LENGTH.encode(session.endMillis() - session.startMillis(), out);
      accumulatorCoder.encode(session.accumulator(), out);
    }

    @Override
    public Session<AccumT> decode(InputStream in) throws IOException {
      long start = MILLIS.decode(in);
      long end = start + LENGTH.decode(in);
      return new Session<>(start, end, accumulatorCoder.decode(in));
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
    public Object structuralValue(Session<AccumT> session) {
      return new Session<>(
          session.startMillis(),
          session.endMillis(),
          accumulatorCoder.structuralValue(session.accumulator()));
    }
  }
}
