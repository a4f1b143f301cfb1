package org.beamtemplates.transforms.state;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/** Sends each event to its key, those that are too late aside. */
final class KeyFn<K, T> extends DoFn<Ingested<T>, KV<K, Ingested<T>>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, K> key;
  private final Lifetime lifetime;
  private final TupleTag<Ingested<T>> late;
  private final StageCounters counters;

  KeyFn(
      SerializableFunction<T, K> key, Lifetime lifetime, TupleTag<Ingested<T>> late, String stage) {
    this.key = key;
    this.lifetime = lifetime;
    this.late = late;
    this.counters = StageCounters.of(stage);
  }

  @ProcessElement
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      OutputReceiver<KV<K, Ingested<T>>> keyed,
      MultiOutputReceiver outputs) {
    counters.in();
    if (lifetime.isLate(element, timestamp.getMillis())) {
      counters.late();
      outputs.get(late).output(element);
    } else {
      keyed.output(KV.of(key.apply(element.value()), element));
    }
  }
}
