package org.beamtemplates.transforms.aggregate;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Decides for each element and window whether the window is still open, as {@link LateSplitFn}
 * does, and combines what a bundle has for a key in a window. Sends it by window and bucket at the
 * end of the bundle, and before that when it holds {@link BundleBuffer#MAX_KEYS} of them.
 */
final class PreAggregateFn<K, T, AccumT>
    extends DoFn<Ingested<T>, KV<Integer, WindowBatch<K, AccumT>>> {

  private static final long serialVersionUID = 1L;

  /** An accumulator of this bundle: nobody else has seen it, so it may change. */
  private static final class Partial<AccumT> {

    private long count;
    private AccumT accumulator;

    Partial(AccumT accumulator) {
      this.accumulator = accumulator;
    }
  }

  private final SerializableFunction<T, K> key;
  private final WindowFn<Object, ?> windowFn;
  private final long allowedLatenessMillis;
  private final CombineFn<T, AccumT, ?> combineFn;
  private final Buckets<K> buckets;
  private final TupleTag<LateElement<T>> late;
  private final StageCounters counters;

  private transient Map<BoundedWindow, BundleBuffer<K, Partial<AccumT>>> windows;
  private transient Function<K, Partial<AccumT>> newPartial;
  private transient int held;
  // Most elements are in the window of the one before.
  private transient @Nullable BoundedWindow lastWindow;
  private transient @Nullable BundleBuffer<K, Partial<AccumT>> lastBuffer;

  PreAggregateFn(
      AggregationSpec<K, T> spec,
      CombineFn<T, AccumT, ?> combineFn,
      Buckets<K> buckets,
      TupleTag<LateElement<T>> late) {
    this.key = spec.key();
    this.windowFn = spec.windows();
    this.allowedLatenessMillis = spec.allowedLatenessMillis();
    this.combineFn = combineFn;
    this.buckets = buckets;
    this.late = late;
    this.counters = StageCounters.of(spec.stage());
  }

  @Setup
  public void setUp() {
    windows = new HashMap<>();
    newPartial =
        any -> {
          held++;
          return new Partial<>(combineFn.createAccumulator());
        };
  }

  @StartBundle
  public void startBundle() {
    clear();
  }

  @ProcessElement
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, WindowBatch<K, AccumT>>> batches,
      MultiOutputReceiver outputs)
      throws Exception {
    for (BoundedWindow window : windowsOf(windowFn, element, timestamp)) {
      counters.in();
      long closesAt = WindowedAggregation.closesAtMillis(window, allowedLatenessMillis);
      if (closesAt < element.watermarkMillis()) {
        counters.late();
        outputs.get(late).output(new LateElement<>(element, timestamp.getMillis(), window));
        continue;
      }
      counters.out();
      add(window, timestamp, element.value());
      if (held >= BundleBuffer.MAX_KEYS) {
        drain(batches::outputWithTimestamp);
      }
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    drain((batch, timestamp) -> context.output(batch, timestamp, GlobalWindow.INSTANCE));
  }

  /**
   * A full buffer goes out in the middle of a bundle, behind the element that filled it: with a
   * later timestamp it would not hold the watermark back from its own window's end.
   */
  @Override
  @Deprecated
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  private void add(BoundedWindow window, Instant timestamp, T value) {
    Partial<AccumT> partial =
        bufferOf(window).of(key.apply(value), timestamp.getMillis(), newPartial);
    partial.count++;
    partial.accumulator = combineFn.addInput(partial.accumulator, value);
  }

  private BundleBuffer<K, Partial<AccumT>> bufferOf(BoundedWindow window) {
    if (lastBuffer == null || !window.equals(lastWindow)) {
      lastBuffer = windows.computeIfAbsent(window, any -> new BundleBuffer<>(buckets));
      lastWindow = window;
    }
    return lastBuffer;
  }

  private void drain(BiConsumer<KV<Integer, WindowBatch<K, AccumT>>, Instant> output) {
    windows.forEach(
        (window, buffer) ->
            buffer.drain(
                (batch, timestamp) ->
                    output.accept(
                        KV.of(batch.getKey(), new WindowBatch<>(window, handOut(batch.getValue()))),
                        timestamp)));
    clear();
  }

  private List<KV<K, Counted<AccumT>>> handOut(List<KV<K, Partial<AccumT>>> partials) {
    return partials.stream()
        .map(partial -> KV.of(partial.getKey(), handOut(partial.getValue())))
        .toList();
  }

  private Counted<AccumT> handOut(Partial<AccumT> partial) {
    return new Counted<>(partial.count, combineFn.compact(partial.accumulator));
  }

  private void clear() {
    windows.clear();
    lastWindow = null;
    lastBuffer = null;
    held = 0;
  }

  private static <W extends BoundedWindow> Collection<W> windowsOf(
      WindowFn<Object, W> windowFn, Object element, Instant timestamp) throws Exception {
    return windowFn.assignWindows(
        windowFn.new AssignContext() {
          @Override
          public Object element() {
            return element;
          }

          @Override
          public Instant timestamp() {
            return timestamp;
          }

          @Override
          public BoundedWindow window() {
            return GlobalWindow.INSTANCE;
          }
        });
  }
}
