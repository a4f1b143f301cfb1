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
import org.beamtemplates.benchmarks.speed.Totals;

/** Sum, count and maximum of amounts. */
final class TotalsFn extends CombineFn<Payment, Totals, Totals> {

  private static final long serialVersionUID = 1L;

  @Override
  public Totals createAccumulator() {
    return new Totals();
  }

  @Override
  public Totals addInput(Totals totals, Payment payment) {
    totals.add(payment.getCents());
    return totals;
  }

  @Override
  public Totals mergeAccumulators(Iterable<Totals> parts) {
    Totals merged = new Totals();
    for (Totals part : parts) {
      merged.add(part);
    }
    return merged;
  }

  @Override
  public Totals extractOutput(Totals totals) {
    return totals;
  }

  @Override
  public Coder<Totals> getAccumulatorCoder(CoderRegistry registry, Coder<Payment> unused) {
    return new TotalsCoder();
  }

  @Override
  public Coder<Totals> getDefaultOutputCoder(CoderRegistry registry, Coder<Payment> unused) {
    return new TotalsCoder();
  }

  private static final class TotalsCoder extends CustomCoder<Totals> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Totals totals, OutputStream out) throws IOException {
      VarInt.encode(totals.sum(), out);
      VarInt.encode(totals.count(), out);
      VarInt.encode(totals.max(), out);
    }

    @Override
    public Totals decode(InputStream in) throws IOException {
      return new Totals(VarInt.decodeLong(in), VarInt.decodeLong(in), VarInt.decodeLong(in));
    }

    @Override
    public void verifyDeterministic() {}
  }
}
