package org.beamtemplates.benchmarks.speed.beam;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.transforms.record.Ingested;

/** Keeps what W6 needs of a payment: less to be shuffled. */
final class ChargeFn extends DoFn<Ingested<Payment>, Ingested<Charge>> {

  private static final long serialVersionUID = 1L;

  @ProcessElement
  public void process(
      @Element Ingested<Payment> ingested, OutputReceiver<Ingested<Charge>> output) {
    Payment payment = ingested.value();
    if (!PaymentData.isEnd(payment.getCard())) {
      output.output(ingested.with(new Charge(payment.getCard(), payment.getCents())));
    }
  }
}
