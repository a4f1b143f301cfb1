package org.beamtemplates.transforms.state;

import java.util.function.BiConsumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleStep;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Sends the events of a bundle to the buckets of their keys, in their order, those that are too
 * late aside.
 */
final class GatherStep<K, T> extends BundleStep<T, KV<Integer, byte[]>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, K> key;
  private final Buckets<K> buckets;
  private final Coder<T> valueCoder;
  private final Lifetime lifetime;
  private final TupleTag<Ingested<T>> late;
  private transient @Nullable BucketedEvents<T> events;

  GatherStep(
      SerializableFunction<T, K> key,
      Buckets<K> buckets,
      Coder<T> valueCoder,
      Lifetime lifetime,
      TupleTag<Ingested<T>> late,
      String stage) {
    super(stage);
    this.key = key;
    this.buckets = buckets;
    this.valueCoder = valueCoder;
    this.lifetime = lifetime;
    this.late = late;
  }

  @Override
  protected void setUp() {
    events = new BucketedEvents<>(valueCoder, buckets.count());
  }

  @Override
  protected void clear() {
    events.clear();
  }

  @Override
  protected void add(
      Ingested<T> element,
      long eventTimeMillis,
      OutputReceiver<KV<Integer, byte[]>> output,
      MultiOutputReceiver outputs) {
    tally.in();
    if (lifetime.isLate(element, eventTimeMillis)) {
      tally.late();
      outputs.get(late).outputWithTimestamp(element, Instant.ofEpochMilli(eventTimeMillis));
      return;
    }
    events.add(buckets.of(key.apply(element.value())), element, eventTimeMillis);
    if (events.isFull()) {
      events.drain(output::outputWithTimestamp);
    }
  }

  @Override
  protected void drain(BiConsumer<KV<Integer, byte[]>, Instant> output) {
    events.drain(output);
  }
}
