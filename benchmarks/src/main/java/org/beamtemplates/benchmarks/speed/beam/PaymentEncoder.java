package org.beamtemplates.benchmarks.speed.beam;

import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.transforms.codec.Encoder;

/** Writes late payments into dead letters; there are none. */
final class PaymentEncoder implements Encoder<Payment> {

  private static final long serialVersionUID = 1L;

  @Override
  public byte[] encode(Payment payment) {
    return new PaymentCodec().encode(payment);
  }

  @Override
  public String contentType() {
    return "avro/binary";
  }
}
