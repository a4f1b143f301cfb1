package org.beamtemplates.benchmarks.speed.beam;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.VarInt;
import org.beamtemplates.benchmarks.speed.Payment;

/** First and last time, sum and count of a session. */
final class SessionFn extends CombineFn<Payment, SessionTotals, SessionTotals> {

  private static final long serialVersionUID = 1L;

  @Override
  public SessionTotals createAccumulator() {
    return SessionTotals.NONE;
  }

  @Override
  public SessionTotals addInput(SessionTotals totals, Payment payment) {
    long time = payment.getTime();
    return totals.plus(new SessionTotals(time, time, payment.getCents(), 1));
  }

  @Override
  public SessionTotals mergeAccumulators(Iterable<SessionTotals> parts) {
    SessionTotals merged = SessionTotals.NONE;
    for (SessionTotals part : parts) {
      merged = merged.plus(part);
    }
    return merged;
  }

  @Override
  public SessionTotals extractOutput(SessionTotals totals) {
    return totals;
  }

  @Override
  public Coder<SessionTotals> getAccumulatorCoder(CoderRegistry registry, Coder<Payment> unused) {
    return new SessionCoder();
  }

  @Override
  public Coder<SessionTotals> getDefaultOutputCoder(CoderRegistry registry, Coder<Payment> unused) {
    return new SessionCoder();
  }

  private static final class SessionCoder extends CustomCoder<SessionTotals> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(SessionTotals totals, OutputStream out) throws IOException {
      VarInt.encode(totals.first(), out);
      VarInt.encode(totals.last(), out);
      VarInt.encode(totals.sum(), out);
      VarInt.encode(totals.count(), out);
    }

    @Override
    public SessionTotals decode(InputStream in) throws IOException {
      return new SessionTotals(
          VarInt.decodeLong(in),
          VarInt.decodeLong(in),
          VarInt.decodeLong(in),
          VarInt.decodeLong(in));
    }

    @Override
    public void verifyDeterministic() {}
  }
}
