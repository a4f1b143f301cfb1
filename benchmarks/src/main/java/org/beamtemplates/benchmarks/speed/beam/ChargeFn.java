package org.beamtemplates.benchmarks.speed.beam;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Keeps what W6 needs of a payment: less to be shuffled. */
final class ChargeFn extends DoFn<IngestedBatch<Payment>, IngestedBatch<Charge>> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(
      @Element IngestedBatch<Payment> batch, OutputReceiver<IngestedBatch<Charge>> output) {
    IngestedBatch<Charge> charges = batch.map(ChargeFn::charge);
    if (charges != null) {
      output.output(charges);
    }
  }

  private static @Nullable Charge charge(Payment payment) {
    return PaymentData.isEnd(payment.getCard())
        ? null
        : new Charge(payment.getCard(), payment.getCents());
  }
}
