package org.beamtemplates.transforms.aggregate;

import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Keeps what the keys of a bucket have in a window, and gives their panes: what Beam's triggers do
 * for each key, once for the bucket.
 *
 * <p>State is in the window, so that the runner clears it when the window closes. The timer that it
 * does this with holds the output watermark at the end of the window until then: see {@link
 * TwoLevelAggregation}. What is read from state or comes in is never changed: a runner can be
 * writing it to a checkpoint.
 */
final class PanesFn<K, AccumT, R>
    extends DoFn<KV<Integer, WindowBatch<K, AccumT>>, WindowResult<K, R>> {

  private static final long serialVersionUID = 1L;

  private static final String CELLS = "cells";
  private static final String CHANGED = "changed";
  private static final String PHASE = "phase";
  private static final String END = "end";
  private static final String EARLY = "early";

  // Where a bucket is in a window. Nothing is written before the first batch.
  private static final int OPEN = 1;
  private static final int EARLY_SET = 2;
  private static final int ENDED = 3;

  private final CombineFn<?, AccumT, R> combineFn;
  private final long allowedLatenessMillis;
  private final @Nullable Duration earlyEvery;
  private final boolean accumulating;

  @StateId(CELLS)
  private final StateSpec<MapState<K, Cell<AccumT>>> cellsSpec;

  /** Keys that are not in a pane yet as they are; only for early panes. */
  @StateId(CHANGED)
  private final StateSpec<SetState<K>> changedSpec;

  @StateId(PHASE)
  private final StateSpec<ValueState<Integer>> phaseSpec = StateSpecs.value(VarIntCoder.of());

  @TimerId(END)
  private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  @TimerId(EARLY)
  private final TimerSpec earlySpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

  PanesFn(
      AggregationSpec<K, ?> spec,
      CombineFn<?, AccumT, R> combineFn,
      Coder<Counted<AccumT>> countedCoder) {
    this.combineFn = combineFn;
    this.allowedLatenessMillis = spec.allowedLatenessMillis();
    this.earlyEvery =
        spec.earlyEvery() == null ? null : Duration.millis(spec.earlyEvery().toMillis());
    this.accumulating = spec.accumulating();
    this.cellsSpec = StateSpecs.map(spec.keyCoder(), Cell.coder(countedCoder));
    this.changedSpec = StateSpecs.set(spec.keyCoder());
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, WindowBatch<K, AccumT>> batch,
      BoundedWindow window,
      @StateId(CELLS) MapState<K, Cell<AccumT>> cells,
      @StateId(CHANGED) SetState<K> changed,
      @StateId(PHASE) ValueState<Integer> phaseState,
      @TimerId(END) Timer end,
      @TimerId(EARLY) Timer early,
      OutputReceiver<WindowResult<K, R>> output) {
    Integer before = phaseState.read();
    int phase = before == null ? begin(window, end) : before;
    List<KV<K, Counted<AccumT>>> keys = batch.getValue().keys();
    if (phase == ENDED) {
      keys.forEach(key -> correct(key.getKey(), key.getValue(), window, cells, output));
    } else {
      keys.forEach(key -> add(key.getKey(), key.getValue(), cells));
      if (earlyEvery != null) {
        keys.forEach(key -> changed.add(key.getKey()));
        if (phase == OPEN) {
          phase = EARLY_SET;
          // The other timer holds the watermark back, as far as it must be, and not beyond the end.
          early.withNoOutputTimestamp().offset(earlyEvery).setRelative();
        }
      }
    }
    if (before == null || before != phase) {
      phaseState.write(phase);
    }
  }

  @OnTimer(EARLY)
  public void early(
      BoundedWindow window,
      @StateId(CELLS) MapState<K, Cell<AccumT>> cells,
      @StateId(CHANGED) SetState<K> changed,
      @StateId(PHASE) ValueState<Integer> phase,
      OutputReceiver<WindowResult<K, R>> output) {
    Integer now = phase.read();
    if (now == null || now != EARLY_SET) {
      return;
    }
    phase.write(OPEN);
    for (K key : changed.read()) {
      Cell<AccumT> cell = cells.get(key).read();
      emit(key, cell.counted(), window, Timing.EARLY, cell.revision(), false, output);
      cells.put(key, new Cell<>(cell.revision() + 1, afterPane(cell.counted())));
    }
    changed.clear();
  }

  @OnTimer(END)
  public void end(
      BoundedWindow window,
      @StateId(CELLS) MapState<K, Cell<AccumT>> cells,
      @StateId(CHANGED) SetState<K> changed,
      @StateId(PHASE) ValueState<Integer> phase,
      @TimerId(END) Timer end,
      OutputReceiver<WindowResult<K, R>> output) {
    boolean last = isLast(window, end);
    for (Map.Entry<K, Cell<AccumT>> entry : cells.entries().read()) {
      Cell<AccumT> cell = entry.getValue();
      if (cell.counted().count() > 0) {
        emit(entry.getKey(), cell.counted(), window, Timing.ON_TIME, cell.revision(), last, output);
      }
    }
    changed.clear();
    phase.write(ENDED);
  }

  /** A timer without an output timestamp lets nothing out otherwise. */
  @Override
  @SuppressWarnings("deprecation") // Beam has nothing in its place
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  /** Returns where a bucket is that has nothing in the window yet. */
  private static int begin(BoundedWindow window, Timer end) {
    if (end.getCurrentRelativeTime().isAfter(window.maxTimestamp())) {
      return ENDED;
    }
    end.set(window.maxTimestamp());
    return OPEN;
  }

  private void add(K key, Counted<AccumT> partial, MapState<K, Cell<AccumT>> cells) {
    Cell<AccumT> cell = cells.get(key).read();
    cells.put(
        key,
        cell == null
            ? new Cell<>(0, partial)
            : new Cell<>(cell.revision(), merged(cell.counted(), partial)));
  }

  private void correct(
      K key,
      Counted<AccumT> partial,
      BoundedWindow window,
      MapState<K, Cell<AccumT>> cells,
      OutputReceiver<WindowResult<K, R>> output) {
    Cell<AccumT> cell = cells.get(key).read();
    // In a cell that discards, what the pane at the end has shown can still be there.
    Counted<AccumT> counted =
        cell == null || !accumulating ? partial : merged(cell.counted(), partial);
    long revision = cell == null ? 0 : cell.revision() + 1;
    emit(key, counted, window, Timing.LATE, revision, false, output);
    cells.put(key, new Cell<>(revision, afterPane(counted)));
  }

  Counted<AccumT> merged(Counted<AccumT> kept, Counted<AccumT> partial) {
    if (kept.count() == 0) {
      return partial;
    }
    // A CombineFn may change the first accumulator: it gets one that is nobody's.
    AccumT accumulator =
        combineFn.mergeAccumulators(
            List.of(combineFn.createAccumulator(), kept.accumulator(), partial.accumulator()));
    return new Counted<>(kept.count() + partial.count(), accumulator);
  }

  private Counted<AccumT> afterPane(Counted<AccumT> shown) {
    return accumulating ? shown : new Counted<>(0, combineFn.createAccumulator());
  }

  /** Returns whether nothing can come any more, as on bounded input whatever the lateness. */
  private boolean isLast(BoundedWindow window, Timer end) {
    long closesAt = WindowedAggregation.closesAtMillis(window, allowedLatenessMillis);
    return closesAt <= window.maxTimestamp().getMillis()
        || closesAt < end.getCurrentRelativeTime().getMillis();
  }

  private void emit(
      K key,
      Counted<AccumT> counted,
      BoundedWindow window,
      Timing timing,
      long revision,
      boolean last,
      OutputReceiver<WindowResult<K, R>> output) {
    R value = combineFn.extractOutput(counted.accumulator());
    output.outputWithTimestamp(
        Results.pane(key, value, window, timing, revision, last), window.maxTimestamp());
  }
}
