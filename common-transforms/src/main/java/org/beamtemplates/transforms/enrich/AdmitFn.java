package org.beamtemplates.transforms.enrich;

import java.time.Duration;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Decides for each element of one side and each of its windows whether the window is still open. It
 * looks at the window, so Beam calls it once for each.
 */
final class AdmitFn<K, T, L, R> extends DoFn<Ingested<T>, KV<K, Side<L, R>>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, K> key;
  private final SerializableFunction<Held<T>, Side<L, R>> side;
  private final long allowedLatenessMillis;
  private final TupleTag<Unjoined<T>> late;
  private final StageCounters counters;

  AdmitFn(
      SerializableFunction<T, K> key,
      SerializableFunction<Held<T>, Side<L, R>> side,
      Duration allowedLateness,
      String stage,
      TupleTag<Unjoined<T>> late) {
    this.key = key;
    this.side = side;
    this.allowedLatenessMillis = allowedLateness.toMillis();
    this.late = late;
    this.counters = StageCounters.of(stage);
  }

  @ProcessElement
  public void process(
      @Element Ingested<T> element,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      OutputReceiver<KV<K, Side<L, R>>> inTime,
      MultiOutputReceiver outputs) {
    counters.in();
    long eventTimeMillis = timestamp.getMillis();
    if (closesAtMillis(window) < element.watermarkMillis()) {
      counters.late();
      outputs
          .get(late)
          .output(new Unjoined<>(element, eventTimeMillis, window, Unjoined.Reason.LATE));
    } else {
      counters.out();
      inTime.output(
          KV.of(key.apply(element.value()), side.apply(new Held<>(element, eventTimeMillis))));
    }
  }

  /** Returns when a window takes nothing any more, as Beam reckons it. */
  private long closesAtMillis(BoundedWindow window) {
    long end = window.maxTimestamp().getMillis();
    return Math.min(end + allowedLatenessMillis, GlobalWindow.INSTANCE.maxTimestamp().getMillis());
  }
}
