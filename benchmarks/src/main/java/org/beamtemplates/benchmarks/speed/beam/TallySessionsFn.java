package org.beamtemplates.benchmarks.speed.beam;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Takes the sessions of W4. */
final class TallySessionsFn extends DoFn<WindowResult<String, SessionTotals>, Void> {

  private static final long serialVersionUID = 1L;

  private transient Tally.@Nullable Counter counter;

  @Setup
  public void setup() {
    counter = Tally.newCounter();
  }

  @ProcessElement
  public void process(@Element WindowResult<String, SessionTotals> result) {
    if (!PaymentData.isEnd(result.key())) {
      SessionTotals totals = result.value();
      Latencies.found(totals.last());
      counter.found(
          Checksum.ofSession(
              result.key(), totals.first(), totals.last(), totals.sum(), totals.count()));
    }
  }
}
