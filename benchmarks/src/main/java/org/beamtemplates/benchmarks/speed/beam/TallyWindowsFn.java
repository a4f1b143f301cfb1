package org.beamtemplates.benchmarks.speed.beam;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.benchmarks.speed.Totals;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Takes the results of W1, W2 and W5. */
final class TallyWindowsFn extends DoFn<WindowResult<String, Totals>, Void> {

  private static final long serialVersionUID = 1L;

  private transient Tally.@Nullable Counter counter;

  @Setup
  public void setup() {
    counter = Tally.newCounter();
  }

  @ProcessElement
  public void process(@Element WindowResult<String, Totals> result) {
    if (!PaymentData.isEnd(result.key())) {
      Totals totals = result.value();
      Latencies.found(result.windowStartMillis());
      counter.found(
          Checksum.ofWindow(
              result.key(),
              result.windowStartMillis(),
              totals.sum(),
              totals.count(),
              totals.max()));
    }
  }
}
