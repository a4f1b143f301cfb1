package org.beamtemplates.transforms.aggregate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;

/**
 * What state holds of a key.
 *
 * @param lookAtMillis when the {@link Agenda} says to look at it: an entry of another time is out
 *     of date
 * @param sessions in the order of time; they do not overlap
 */
record SessionsOfKey<AccumT>(long lookAtMillis, List<KeptSession<AccumT>> sessions) {

  static <AccumT> Coder<SessionsOfKey<AccumT>> coder(Coder<AccumT> accumulatorCoder) {
    return new OfKeyCoder<>(accumulatorCoder);
  }

  private static final class OfKeyCoder<AccumT> extends StructuredCoder<SessionsOfKey<AccumT>> {

    private static final long serialVersionUID = 1L;
    private static final VarLongCoder MILLIS = VarLongCoder.of();

    private final Coder<AccumT> accumulatorCoder;
    private final Coder<List<KeptSession<AccumT>>> sessionsCoder;

    OfKeyCoder(Coder<AccumT> accumulatorCoder) {
      this.accumulatorCoder = accumulatorCoder;
      this.sessionsCoder = ListCoder.of(KeptSession.coder(accumulatorCoder));
    }

    @Override
    public void encode(SessionsOfKey<AccumT> ofKey, OutputStream out) throws IOException {
      MILLIS.encode(ofKey.lookAtMillis(), out);
      sessionsCoder.encode(ofKey.sessions(), out);
    }

    @Override
    public SessionsOfKey<AccumT> decode(InputStream in) throws IOException {
      return new SessionsOfKey<>(MILLIS.decode(in), sessionsCoder.decode(in));
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
    public Object structuralValue(SessionsOfKey<AccumT> ofKey) {
      return new SessionsOfKey<Object>(ofKey.lookAtMillis(), structuralValues(ofKey.sessions()));
    }

    @SuppressWarnings("unchecked") // a list coder gives a list of its elements' values
    private List<KeptSession<Object>> structuralValues(List<KeptSession<AccumT>> sessions) {
      return (List<KeptSession<Object>>) sessionsCoder.structuralValue(sessions);
    }
  }
}
