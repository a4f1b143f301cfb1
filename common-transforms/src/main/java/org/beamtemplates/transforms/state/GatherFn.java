package org.beamtemplates.transforms.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.bucket.Timed;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Sends the events of a bundle to the buckets of their keys, in their order by the key, those that
 * are too late aside.
 */
final class GatherFn<K, T>
    extends DoFn<Ingested<T>, KV<Integer, List<KV<K, List<Timed<Ingested<T>>>>>>> {

  private static final long serialVersionUID = 1L;

  /** How many events are held at most, to bound the memory. */
  private static final int MAX_EVENTS = BundleBuffer.MAX_KEYS;

  private final SerializableFunction<T, K> key;
  private final Buckets<K> buckets;
  private final Lifetime lifetime;
  private final TupleTag<Ingested<T>> late;
  private final StageCounters counters;
  private transient @Nullable BundleBuffer<K, List<Timed<Ingested<T>>>> buffer;
  private transient int held;

  GatherFn(
      SerializableFunction<T, K> key,
      Buckets<K> buckets,
      Lifetime lifetime,
      TupleTag<Ingested<T>> late,
      String stage) {
    this.key = key;
    this.buckets = buckets;
    this.lifetime = lifetime;
    this.late = late;
    this.counters = StageCounters.of(stage);
  }

  @Setup
  public void setup() {
    buffer = new BundleBuffer<>(buckets);
  }

  @StartBundle
  public void start() {
    buffer.clear();
    held = 0;
  }

  @ProcessElement
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<Integer, List<KV<K, List<Timed<Ingested<T>>>>>>> batches,
      MultiOutputReceiver outputs) {
    counters.in();
    long millis = timestamp.getMillis();
    if (lifetime.isLate(element, millis)) {
      counters.late();
      outputs.get(late).output(element);
      return;
    }
    buffer
        .of(key.apply(element.value()), millis, any -> new ArrayList<>())
        .add(new Timed<>(element, millis));
    held++;
    if (held >= MAX_EVENTS) {
      buffer.drain(batches::outputWithTimestamp);
      held = 0;
    }
  }

  @FinishBundle
  public void finish(FinishBundleContext context) {
    buffer.drain((batch, timestamp) -> context.output(batch, timestamp, GlobalWindow.INSTANCE));
    held = 0;
  }

  /** What is drained in the middle of a bundle can be older than the element that filled it. */
  @Override
  @SuppressWarnings("deprecation") // Beam has nothing in its place
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }
}
