package org.beamtemplates.benchmarks.speed.streams;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.beamtemplates.benchmarks.speed.CardHistory;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;

/** W6: the history of each card in a store, and alerts by two rules. */
final class WatchProcessor implements Processor<String, Payment, Void, Void> {

  /** Name of the store of {@link CardHistory} by card. */
  static final String STORE = "histories";

  static final Serde<CardHistory> SERDE =
      LongsSerde.of(
          2 + 2 * CardHistory.LAST,
          (history, bytes) -> {
            bytes.putLong(history.average()).putLong(history.count());
            bytes.asLongBuffer().put(history.cents()).put(history.times());
          },
          bytes -> {
            long average = bytes.getLong();
            long count = bytes.getLong();
            long[] cents = new long[CardHistory.LAST];
            long[] times = new long[CardHistory.LAST];
            bytes.asLongBuffer().get(cents).get(times);
            return new CardHistory(average, count, cents, times);
          });

  private final Tally.Counter counter = Tally.newCounter();
  private KeyValueStore<String, CardHistory> histories;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    histories = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, Payment> next) {
    Payment payment = next.value();
    String card = payment.getCard();
    if (PaymentData.isEnd(card)) {
      return;
    }
    long cents = payment.getCents();
    CardHistory known = histories.get(card);
    CardHistory before = known == null ? CardHistory.none() : known;
    CardHistory after = before.with(cents, payment.getTime());
    histories.put(card, after);
    if (CardHistory.isHigh(before.average(), before.count(), cents)) {
      found(payment, CardHistory.HIGH, after);
    }
    if (CardHistory.isBurst(after.count(), after.times())) {
      found(payment, CardHistory.BURST, after);
    }
  }

  private void found(Payment payment, int rule, CardHistory history) {
    counter.found(
        Checksum.ofAlert(
            payment.getCard(), payment.getTime(), rule, CardHistory.sum(history.cents())));
  }
}
