package org.beamtemplates.transforms.state;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.KeyCounters;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** {@code PLAIN}: a state cell and a timer for each key. */
final class PerKeyFn<K, T, S, O> extends DoFn<KV<K, Ingested<T>>, Ingested<O>> {

  private static final long serialVersionUID = 1L;
  private static final String ENTRY = "entry";
  private static final String FORGET = "forget";

  private final EventStep<T, S, O> step;
  private final Sweeps sweeps;
  private final KeyCounters keys;

  @StateId(ENTRY)
  private final StateSpec<ValueState<Entry<S>>> entrySpec;

  @TimerId(FORGET)
  private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  PerKeyFn(EventStep<T, S, O> step, Coder<S> stateCoder, String stage) {
    this.step = step;
    this.sweeps = step.lifetime().sweeps();
    this.keys = KeyCounters.of(stage);
    this.entrySpec = StateSpecs.value(Entry.coder(stateCoder));
  }

  @Setup
  public void setup() {
    step.open();
  }

  @ProcessElement
  public void process(
      @Element KV<K, Ingested<T>> element,
      @Timestamp Instant timestamp,
      @StateId(ENTRY) ValueState<Entry<S>> cell,
      @TimerId(FORGET) Timer forget,
      MultiOutputReceiver output) {
    Entry<S> before = cell.read();
    Entry<S> after = step.apply(before, element.getValue(), timestamp.getMillis(), output);
    step.publish();
    keys.remembered(before == null && after != null ? 1 : 0);
    if (after == null) {
      clear(before, cell);
    } else {
      cell.write(after);
      // Without an output timestamp: remembering must not hold the watermark back.
      forget
          .withNoOutputTimestamp()
          .set(Instant.ofEpochMilli(sweeps.at(step.lifetime().endsAt(after))));
    }
  }

  /** Every event sets the timer anew, so one that fires is that of the last. */
  @OnTimer(FORGET)
  public void forget(@StateId(ENTRY) ValueState<Entry<S>> cell) {
    clear(cell.read(), cell);
  }

  private void clear(@Nullable Entry<S> entry, ValueState<Entry<S>> cell) {
    if (entry != null) {
      keys.forgotten(1);
      cell.clear();
    }
  }
}
