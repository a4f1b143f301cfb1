package org.beamtemplates.benchmarks.speed.beam;

import org.apache.beam.sdk.transforms.DoFn;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Takes the alerts of W6. */
final class TallyAlertsFn extends DoFn<Ingested<Alert>, Void> {

  private static final long serialVersionUID = 1L;

  private transient Tally.@Nullable Counter counter;

  @Setup
  public void setup() {
    counter = Tally.newCounter();
  }

  @ProcessElement
  public void process(@Element Ingested<Alert> result) {
    Alert alert = result.value();
    Latencies.found(alert.timeMillis());
    counter.found(Checksum.ofAlert(alert.card(), alert.timeMillis(), alert.rule(), alert.value()));
  }
}
