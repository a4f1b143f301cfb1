package org.beamtemplates.transforms.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.KeyCounters;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/** {@code BUCKETED}: the keys of a bucket in one map, each read and written once for a batch. */
final class BucketFn<K, T, S, O> extends DoFn<KV<Integer, byte[]>, Ingested<O>> {

  private static final long serialVersionUID = 1L;
  private static final String ENTRIES = "entries";
  private static final String DUE = "due";
  private static final String SWEEP = "sweep";

  /** What is kept of a key before and after a batch. */
  private static final class Touched<S> {

    private final @Nullable Entry<S> before;
    private @Nullable Entry<S> after;

    Touched(@Nullable Entry<S> before) {
      this.before = before;
      this.after = before;
    }
  }

  private final SerializableFunction<T, K> key;
  private final Coder<T> valueCoder;
  private final EventStep<T, S, O> step;
  private final Sweeps sweeps;
  private final KeyCounters keys;

  @StateId(ENTRIES)
  private final StateSpec<MapState<K, Entry<S>>> entriesSpec;

  /** When the timer fires, in milliseconds since the epoch; nothing if it is not set. */
  @StateId(DUE)
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(BigEndianLongCoder.of());

  @TimerId(SWEEP)
  private final TimerSpec sweepSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  BucketFn(
      SerializableFunction<T, K> key,
      Coder<T> valueCoder,
      EventStep<T, S, O> step,
      Coder<K> keyCoder,
      Coder<S> stateCoder,
      String stage) {
    this.key = key;
    this.valueCoder = valueCoder;
    this.step = step;
    this.sweeps = step.lifetime().sweeps();
    this.keys = KeyCounters.of(stage);
    this.entriesSpec = StateSpecs.map(keyCoder, Entry.coder(stateCoder));
  }

  @Setup
  public void setup() {
    step.open();
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> batch,
      @StateId(ENTRIES) MapState<K, Entry<S>> entries,
      @StateId(DUE) ValueState<Long> due,
      @TimerId(SWEEP) Timer sweep,
      MultiOutputReceiver output) {
    Map<K, Touched<S>> touched = new LinkedHashMap<>();
    Function<K, Touched<S>> read = ofKey -> new Touched<>(entries.get(ofKey).read());
    BucketedEvents.read(
        batch.getValue(),
        valueCoder,
        (Ingested<T> event, long millis) -> {
          Touched<S> ofKey = touched.computeIfAbsent(key.apply(event.value()), read);
          ofKey.after = step.apply(ofKey.after, event, millis, output);
        });
    step.publish();
    write(touched, entries, due, sweep);
  }

  private void write(
      Map<K, Touched<S>> touched,
      MapState<K, Entry<S>> entries,
      ValueState<Long> due,
      Timer sweep) {
    long remembered = 0;
    long forgotten = 0;
    long firstEnd = Long.MAX_VALUE;
    for (Map.Entry<K, Touched<S>> ofKey : touched.entrySet()) {
      Entry<S> before = ofKey.getValue().before;
      Entry<S> after = ofKey.getValue().after;
      if (after == null) {
        if (before != null) {
          entries.remove(ofKey.getKey());
          forgotten++;
        }
      } else {
        entries.put(ofKey.getKey(), after);
        remembered += before == null ? 1 : 0;
        firstEnd = Math.min(firstEnd, step.lifetime().endsAt(after));
      }
    }
    keys.remembered(remembered);
    keys.forgotten(forgotten);
    if (firstEnd != Long.MAX_VALUE) {
      sweeps.schedule(firstEnd, due, sweep);
    }
  }

  @OnTimer(SWEEP)
  public void sweep(
      @StateId(ENTRIES) MapState<K, Entry<S>> entries,
      @StateId(DUE) ValueState<Long> due,
      @TimerId(SWEEP) Timer sweep) {
    keys.forgotten(sweeps.sweep(entries, step.lifetime()::endsAt, due, sweep));
  }
}
