package org.beamtemplates.transforms.aggregate;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleStep;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Sends the first element of each id in a bundle to its bucket. The others are duplicates, whether
 * it will be one or not.
 */
final class GatherFirstStep<T> extends BundleStep<T, KV<Integer, byte[]>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, String> id;
  private final Buckets<String> buckets;
  private final Coder<T> valueCoder;
  private transient @Nullable BucketedEvents<T> events;
  private transient @Nullable Set<String> ids;

  GatherFirstStep(
      SerializableFunction<T, String> id,
      Buckets<String> buckets,
      Coder<T> valueCoder,
      String stage) {
    super(stage);
    this.id = id;
    this.buckets = buckets;
    this.valueCoder = valueCoder;
  }

  @Override
  protected void setUp() {
    events = new BucketedEvents<>(valueCoder, buckets.count());
    ids = new HashSet<>();
  }

  @Override
  protected void clear() {
    events.clear();
    ids.clear();
  }

  @Override
  protected void add(
      Ingested<T> element,
      long eventTimeMillis,
      OutputReceiver<KV<Integer, byte[]>> output,
      MultiOutputReceiver outputs) {
    tally.in();
    String idOfElement = id.apply(element.value());
    if (!ids.add(idOfElement)) {
      tally.duplicate();
      return;
    }
    events.add(buckets.of(idOfElement), element, eventTimeMillis);
    if (events.isFull()) {
      drain(output::outputWithTimestamp);
    }
  }

  @Override
  protected void drain(BiConsumer<KV<Integer, byte[]>, Instant> output) {
    events.drain(output);
    ids.clear();
  }
}
