package org.beamtemplates.transforms.aggregate;

import java.time.Duration;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Decides for each element and window whether the window is still open. It looks at the window, so
 * Beam calls it once for each of an element's windows.
 */
final class LateSplitFn<K, T> extends DoFn<Ingested<T>, KV<K, T>> {

  private static final long serialVersionUID = 1L;

  static final String DEFAULT_STAGE = "aggregate";

  private final SerializableFunction<T, K> key;
  private final long allowedLatenessMillis;
  private final TupleTag<LateElement<T>> late;
  private final StageCounters counters;

  LateSplitFn(
      SerializableFunction<T, K> key,
      Duration allowedLateness,
      String stage,
      TupleTag<LateElement<T>> late) {
    this.key = key;
    this.allowedLatenessMillis = allowedLateness.toMillis();
    this.late = late;
    this.counters = StageCounters.of(stage);
  }

  @ProcessElement
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      OutputReceiver<KV<K, T>> inTime,
      MultiOutputReceiver outputs) {
    counters.in();
    long closesAt = WindowedAggregation.closesAtMillis(window, allowedLatenessMillis);
    if (closesAt < element.watermarkMillis()) {
      counters.late();
      outputs.get(late).output(new LateElement<>(element, timestamp.getMillis(), window));
    } else {
      counters.out();
      inTime.output(KV.of(key.apply(element.value()), element.value()));
    }
  }
}
