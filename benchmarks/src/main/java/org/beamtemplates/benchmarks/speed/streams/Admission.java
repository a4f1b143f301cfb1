package org.beamtemplates.benchmarks.speed.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentCodec;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Counts payments, and hands on the valid ones.
 *
 * <p>Windows that emit when they close look for closed ones at most once a second, when a record
 * comes. Behind an end mark none comes, so it is handed on again as time passes: it belongs to no
 * result.
 */
final class Admission implements FixedKeyProcessor<String, Payment, Payment> {

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Tally.Counter counter = Tally.newCounter();
  private FixedKeyProcessorContext<String, Payment> context;
  private @Nullable FixedKeyRecord<String, Payment> end;

  @Override
  public void init(FixedKeyProcessorContext<String, Payment> newContext) {
    context = newContext;
    context.schedule(AGAIN, PunctuationType.WALL_CLOCK_TIME, now -> closeAgain());
  }

  private void closeAgain() {
    if (end != null) {
      context.forward(end);
    }
  }

  @Override
  public void process(FixedKeyRecord<String, Payment> payment) {
    if (PaymentCodec.isValid(payment.value())) {
      counter.read(payment.value());
      context.forward(payment);
      if (PaymentData.isEnd(payment.value().getCard())) {
        end = payment;
      }
    }
  }
}
