package org.beamtemplates.benchmarks.speed.streams;

import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;

/** Where the results of W1, W2 and W5 end: a counter for each task. */
final class WindowSink implements Processor<Windowed<String>, WindowTotals, Void, Void> {

  private final Tally.Counter counter = Tally.newCounter();

  @Override
  public void process(Record<Windowed<String>, WindowTotals> result) {
    String card = result.key().key();
    if (!PaymentData.isEnd(card)) {
      WindowTotals totals = result.value();
      counter.found(
          Checksum.ofWindow(
              card, result.key().window().start(), totals.sum(), totals.count(), totals.max()));
    }
  }
}
