package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.aggregate.Slices.Slice;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Decides for each element and window whether the window is still open, as {@link LateSplitFn}
 * does, and combines what a bundle has for a key in a {@link SlotBuffer}. Sends it by window and
 * bucket at the end of the bundle, and before that when it holds {@link BundleBuffer#MAX_KEYS}
 * accumulators.
 */
final class PreAggregateFn<K, T, AccumT>
    extends DoFn<Ingested<T>, KV<Integer, WindowBatch<K, AccumT>>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, K> key;
  private final WindowFn<Object, ?> windowFn;
  private final long allowedLatenessMillis;
  private final CombineFn<T, AccumT, ?> combineFn;
  private final Buckets<K> buckets;
  private final TupleTag<LateElement<T>> late;
  private final StageCounters counters;

  private transient Slices slices;
  private transient SlotBuffer<K, T, AccumT> buffer;

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
    slices = new Slices(windowFn, allowedLatenessMillis);
    buffer = new SlotBuffer<>(combineFn, buckets);
  }

  @StartBundle
  public void startBundle() {
    buffer.clear();
  }

  @ProcessElement
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, WindowBatch<K, AccumT>>> batches,
      MultiOutputReceiver outputs)
      throws Exception {
    Slice slice = slices.of(element, timestamp);
    counters.in(slice.windows().size());
    List<BoundedWindow> open =
        slice.closesAtMillis() < element.watermarkMillis()
            ? withoutClosed(slice.windows(), element, timestamp, outputs)
            : slice.windows();
    counters.out(open.size());
    if (open.isEmpty()) {
      return;
    }
    T value = element.value();
    buffer.add(open, key.apply(value), timestamp, value);
    if (buffer.isFull()) {
      buffer.drain(batches::outputWithTimestamp);
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    buffer.drain((batch, timestamp) -> context.output(batch, timestamp, GlobalWindow.INSTANCE));
  }

  /**
   * A full buffer goes out in the middle of a bundle, behind the element that filled it: with a
   * later timestamp it would not hold the watermark back from its own window's end.
   */
  @Override
  @SuppressWarnings("deprecation") // Beam has nothing in its place
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  private List<BoundedWindow> withoutClosed(
      List<BoundedWindow> windows,
      Ingested<T> element,
      Instant timestamp,
      MultiOutputReceiver outputs) {
    List<BoundedWindow> open = new ArrayList<>(windows.size());
    for (BoundedWindow window : windows) {
      long closesAt = WindowedAggregation.closesAtMillis(window, allowedLatenessMillis);
      if (closesAt < element.watermarkMillis()) {
        counters.late();
        outputs.get(late).output(new LateElement<>(element, timestamp.getMillis(), window));
      } else {
        open.add(window);
      }
    }
    return open;
  }
}
