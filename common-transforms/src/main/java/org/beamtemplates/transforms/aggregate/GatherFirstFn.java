package org.beamtemplates.transforms.aggregate;

import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.bucket.Timed;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Sends the first element of each id in a bundle to its bucket. The others are duplicates, whether
 * it will be one or not.
 */
final class GatherFirstFn<T>
    extends DoFn<Ingested<T>, KV<Integer, List<KV<String, Timed<Ingested<T>>>>>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, String> id;
  private final Buckets<String> buckets;
  private final StageCounters counters;
  private transient @Nullable BundleBuffer<String, Timed<Ingested<T>>> buffer;

  GatherFirstFn(SerializableFunction<T, String> id, Buckets<String> buckets, String stage) {
    this.id = id;
    this.buckets = buckets;
    this.counters = StageCounters.of(stage);
  }

  @Setup
  public void setup() {
    buffer = new BundleBuffer<>(buckets);
  }

  @StartBundle
  public void start() {
    buffer.clear();
  }

  @ProcessElement
  @SuppressWarnings("ReferenceEquality") // asks whether it is this one that is held
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, List<KV<String, Timed<Ingested<T>>>>>> batches) {
    counters.in();
    long millis = timestamp.getMillis();
    Timed<Ingested<T>> timed = new Timed<>(element, millis);
    if (buffer.of(id.apply(element.value()), millis, any -> timed) != timed) {
      counters.duplicate();
    } else if (buffer.isFull()) {
      buffer.drain(batches::outputWithTimestamp);
    }
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    buffer.drain((batch, timestamp) -> context.output(batch, timestamp, GlobalWindow.INSTANCE));
  }

  /** What is drained in the middle of a bundle can be older than the element that filled it. */
  @Override
  @SuppressWarnings("deprecation") // Beam has nothing in its place
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }
}
