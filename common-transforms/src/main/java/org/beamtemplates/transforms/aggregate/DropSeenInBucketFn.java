package org.beamtemplates.transforms.aggregate;

import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.HighestWatermark;
import org.beamtemplates.transforms.bucket.KeyCounters;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.bucket.Timed;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Keeps the ids of a bucket in one map, each with the watermark at which it is forgotten. An id is
 * forgotten at that watermark, though it is swept away later.
 */
final class DropSeenInBucketFn<T>
    extends DoFn<KV<Integer, List<KV<String, Timed<Ingested<T>>>>>, Ingested<T>> {

  private static final long serialVersionUID = 1L;
  private static final String SEEN = "seen";
  private static final String DUE = "due";
  private static final String HIGHEST = "highest";
  private static final String SWEEP = "sweep";

  private final long horizonMillis;
  private final Sweeps sweeps;
  private final StageCounters counters;
  private final KeyCounters ids;

  @StateId(SEEN)
  private final StateSpec<MapState<String, Long>> seenSpec =
      StateSpecs.map(StringUtf8Coder.of(), BigEndianLongCoder.of());

  /** When the timer fires, in milliseconds since the epoch; nothing if it is not set. */
  @StateId(DUE)
  private final StateSpec<ValueState<Long>> dueSpec = StateSpecs.value(BigEndianLongCoder.of());

  /** The highest watermark so far. */
  @StateId(HIGHEST)
  private final StateSpec<ValueState<Long>> highestSpec = StateSpecs.value(BigEndianLongCoder.of());

  @TimerId(SWEEP)
  private final TimerSpec sweepSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  DropSeenInBucketFn(Duration horizon, String stage) {
    this.horizonMillis = horizon.toMillis();
    this.sweeps = Sweeps.of(horizon);
    this.counters = StageCounters.of(stage);
    this.ids = KeyCounters.of(stage);
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, List<KV<String, Timed<Ingested<T>>>>> batch,
      @StateId(SEEN) MapState<String, Long> seen,
      @StateId(DUE) ValueState<Long> due,
      @StateId(HIGHEST) ValueState<Long> highest,
      @TimerId(SWEEP) Timer sweep,
      OutputReceiver<Ingested<T>> output) {
    long watermark = HighestWatermark.of(sweep, highest);
    long remembered = 0;
    long firstEnd = Long.MAX_VALUE;
    for (KV<String, Timed<Ingested<T>>> first : batch.getValue()) {
      String id = first.getKey();
      Long forgottenAt = seen.get(id).read();
      if (forgottenAt != null && watermark < forgottenAt) {
        counters.duplicate();
        continue;
      }
      Timed<Ingested<T>> element = first.getValue();
      long end = Sweeps.after(element.millis(), horizonMillis + 1);
      seen.put(id, end);
      remembered += forgottenAt == null ? 1 : 0;
      firstEnd = Math.min(firstEnd, end);
      counters.out();
      output.outputWithTimestamp(element.element(), Instant.ofEpochMilli(element.millis()));
    }
    ids.remembered(remembered);
    if (firstEnd != Long.MAX_VALUE) {
      sweeps.schedule(firstEnd, due, sweep);
    }
  }

  @OnTimer(SWEEP)
  public void sweep(
      @StateId(SEEN) MapState<String, Long> seen,
      @StateId(DUE) ValueState<Long> due,
      @TimerId(SWEEP) Timer sweep) {
    ids.forgotten(sweeps.sweep(seen, Long::longValue, due, sweep));
  }
}
