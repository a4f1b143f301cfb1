package org.beamtemplates.transforms.aggregate;

import java.time.Duration;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
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
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.HighestWatermark;
import org.beamtemplates.transforms.bucket.KeyCounters;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Instant;

/**
 * Keeps the ids of a bucket in one map, each with the watermark at which it is forgotten. An id is
 * forgotten at that watermark, though it is swept away later.
 */
final class DropSeenInBucketFn<T> extends DoFn<KV<Integer, byte[]>, IngestedBatch<T>> {

  private static final long serialVersionUID = 1L;
  private static final String SEEN = "seen";
  private static final String DUE = "due";
  private static final String HIGHEST = "highest";
  private static final String SWEEP = "sweep";

  private final SerializableFunction<T, String> id;
  private final Coder<T> valueCoder;
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

  DropSeenInBucketFn(
      SerializableFunction<T, String> id, Coder<T> valueCoder, Duration horizon, String stage) {
    this.id = id;
    this.valueCoder = valueCoder;
    this.horizonMillis = horizon.toMillis();
    this.sweeps = Sweeps.of(horizon);
    this.counters = StageCounters.of(stage);
    this.ids = KeyCounters.of(stage);
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, byte[]> batch,
      @StateId(SEEN) MapState<String, Long> seen,
      @StateId(DUE) ValueState<Long> due,
      @StateId(HIGHEST) ValueState<Long> highest,
      @TimerId(SWEEP) Timer sweep,
      OutputReceiver<IngestedBatch<T>> output) {
    Unseen<T> unseen = new Unseen<>(seen, HighestWatermark.of(sweep, highest), horizonMillis);
    BucketedEvents.read(
        batch.getValue(),
        valueCoder,
        (Ingested<T> element, long millis) ->
            unseen.add(id.apply(element.value()), element, millis));
    counters.duplicate(unseen.duplicates);
    ids.remembered(unseen.remembered);
    if (!unseen.elements.isEmpty()) {
      sweeps.schedule(unseen.firstEnd, due, sweep);
      IngestedBatch<T> elements = unseen.elements.build();
      counters.out(elements.size());
      output.outputWithTimestamp(elements, Instant.ofEpochMilli(elements.leastMillis()));
    }
  }

  @OnTimer(SWEEP)
  public void sweep(
      @StateId(SEEN) MapState<String, Long> seen,
      @StateId(DUE) ValueState<Long> due,
      @TimerId(SWEEP) Timer sweep) {
    ids.forgotten(sweeps.sweep(seen, Long::longValue, due, sweep));
  }

  /** What a batch has that was not seen before. */
  private static final class Unseen<T> {

    private final MapState<String, Long> seen;
    private final long watermark;
    private final long horizonMillis;
    private final IngestedBatch.Builder<T> elements = IngestedBatch.builder(16);
    private long firstEnd = Long.MAX_VALUE;
    private long remembered;
    private long duplicates;

    Unseen(MapState<String, Long> seen, long watermark, long horizonMillis) {
      this.seen = seen;
      this.watermark = watermark;
      this.horizonMillis = horizonMillis;
    }

    void add(String id, Ingested<T> element, long eventTimeMillis) {
      Long forgottenAt = seen.get(id).read();
      if (forgottenAt != null && watermark < forgottenAt) {
        duplicates++;
        return;
      }
      long end = Sweeps.after(eventTimeMillis, horizonMillis + 1);
      seen.put(id, end);
      remembered += forgottenAt == null ? 1 : 0;
      firstEnd = Math.min(firstEnd, end);
      elements.add(element, eventTimeMillis);
    }
  }
}
