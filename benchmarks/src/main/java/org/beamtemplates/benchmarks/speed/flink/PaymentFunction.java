package org.beamtemplates.benchmarks.speed.flink;

import java.io.Serializable;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.Tally;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Decodes and validates a payment in the source.
 *
 * @param <T> what is made of it
 */
abstract class PaymentFunction<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  private transient @Nullable PaymentCodec codec;
  private transient Tally.@Nullable Counter counter;

  void open() {
    if (codec == null) {
      codec = new PaymentCodec();
      counter = Tally.newCounter();
    }
  }

  /** Returns what is made of a payment; null if it is not valid. */
  @Nullable T of(byte[] encoded) {
    Payment payment = codec.decode(encoded);
    if (!PaymentCodec.isValid(payment)) {
      return null;
    }
    counter.read(payment);
    return of(payment);
  }

  abstract T of(Payment payment);

  /** The same payment: W3. */
  static final class Whole extends PaymentFunction<Payment> {

    private static final long serialVersionUID = 1L;

    @Override
    Payment of(Payment payment) {
      return payment;
    }
  }

  /** What windows and rules need, always in the same object: whoever is next serializes it. */
  static final class ToCharge extends PaymentFunction<Charge> {

    private static final long serialVersionUID = 1L;

    private transient @Nullable Charge charge;

    @Override
    void open() {
      super.open();
      charge = new Charge();
    }

    @Override
    Charge of(Payment payment) {
      charge.card = payment.getCard();
      charge.cents = payment.getCents();
      charge.time = payment.getTime();
      return charge;
    }
  }
}
