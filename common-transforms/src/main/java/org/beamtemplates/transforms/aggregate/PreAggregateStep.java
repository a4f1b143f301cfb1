package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.aggregate.Slices.Slice;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.bucket.BundleStep;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Decides for each element and window whether the window is still open, as {@link LateSplitFn}
 * does, and combines what a bundle has for a key in a {@link SlotBuffer}. Sends it by window and
 * bucket at the end of the bundle, and before that when it holds {@link BundleBuffer#MAX_KEYS}
 * accumulators.
 */
final class PreAggregateStep<K, T, AccumT>
    extends BundleStep<T, KV<Integer, WindowBatch<K, AccumT>>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, K> key;
  private final WindowFn<Object, ?> windowFn;
  private final long allowedLatenessMillis;
  private final CombineFn<T, AccumT, ?> combineFn;
  private final Buckets<K> buckets;
  private final TupleTag<LateElement<T>> late;

  private transient Slices slices;
  private transient SlotBuffer<K, T, AccumT> buffer;

  PreAggregateStep(
      AggregationSpec<K, T> spec,
      CombineFn<T, AccumT, ?> combineFn,
      Buckets<K> buckets,
      TupleTag<LateElement<T>> late) {
    super(spec.stage());
    this.key = spec.key();
    this.windowFn = spec.windows();
    this.allowedLatenessMillis = spec.allowedLatenessMillis();
    this.combineFn = combineFn;
    this.buckets = buckets;
    this.late = late;
  }

  @Override
  protected void setUp() {
    slices = new Slices(windowFn, allowedLatenessMillis);
    buffer = new SlotBuffer<>(combineFn, buckets);
  }

  @Override
  protected void clear() {
    buffer.clear();
  }

  @Override
  protected void add(
      Ingested<T> element,
      long eventTimeMillis,
      OutputReceiver<KV<Integer, WindowBatch<K, AccumT>>> output,
      MultiOutputReceiver outputs)
      throws Exception {
    Slice slice = slices.of(element, eventTimeMillis);
    tally.in(slice.windows().size());
    List<BoundedWindow> open =
        slice.closesAtMillis() < element.watermarkMillis()
            ? withoutClosed(slice.windows(), element, eventTimeMillis, outputs)
            : slice.windows();
    tally.out(open.size());
    if (open.isEmpty()) {
      return;
    }
    T value = element.value();
    buffer.add(open, key.apply(value), eventTimeMillis, value);
    if (buffer.isFull()) {
      buffer.drain(output::outputWithTimestamp);
    }
  }

  @Override
  protected void drain(BiConsumer<KV<Integer, WindowBatch<K, AccumT>>, Instant> output) {
    buffer.drain(output);
  }

  private List<BoundedWindow> withoutClosed(
      List<BoundedWindow> windows,
      Ingested<T> element,
      long eventTimeMillis,
      MultiOutputReceiver outputs) {
    List<BoundedWindow> open = new ArrayList<>(windows.size());
    for (BoundedWindow window : windows) {
      long closesAt = WindowedAggregation.closesAtMillis(window, allowedLatenessMillis);
      if (closesAt < element.watermarkMillis()) {
        tally.late();
        outputs
            .get(late)
            .outputWithTimestamp(
                new LateElement<>(element, eventTimeMillis, window),
                Instant.ofEpochMilli(eventTimeMillis));
      } else {
        open.add(window);
      }
    }
    return open;
  }
}
