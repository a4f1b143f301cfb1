package org.beamtemplates.transforms.aggregate;

import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Trigger;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.Window.ClosingBehavior;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.record.Ingested;

/** {@link Strategy#PLAIN}: Beam's windows, Beam's triggers, Beam's Combine. */
final class PlainAggregation<K, T, AccumT, R> {

  private final AggregationSpec<K, T> spec;
  private final CombineFn<T, AccumT, R> combineFn;

  PlainAggregation(AggregationSpec<K, T> spec, CombineFn<T, AccumT, R> combineFn) {
    this.spec = spec;
    this.combineFn = combineFn;
  }

  Aggregated<K, T, R> expand(PCollection<Ingested<T>> elements) {
    TupleTag<KV<K, T>> inTime = Results.tag("in-time");
    TupleTag<LateElement<T>> late = Results.tag("late");
    Coder<T> valueCoder = Ingested.valueCoder(elements.getCoder());

    PCollectionTuple split =
        withoutGaps(elements)
            .apply("Window", window())
            .apply(
                "SplitLate",
                ParDo.of(new LateSplitFn<>(spec.key(), spec.allowedLateness(), spec.stage(), late))
                    .withOutputTags(inTime, TupleTagList.of(late)));
    PCollection<WindowResult<K, R>> results =
        split
            .get(inTime)
            .setCoder(KvCoder.of(spec.keyCoder(), valueCoder))
            .apply("Combine", Combine.perKey(new CountedFn<>(combineFn)))
            .apply("ToResults", ParDo.of(new ToResultFn<>()))
            .setCoder(Results.coder(spec, combineFn, BundleInput.of(elements)))
            .apply("Global", Window.into(new GlobalWindows()));
    PCollection<LateElement<T>> tooLate =
        split
            .get(late)
            .setCoder(LateElement.coder(elements.getCoder(), Results.windowCoder(spec)))
            .apply("GlobalLate", Window.into(new GlobalWindows()));
    return new Aggregated<>(elements.getPipeline(), results, tooLate, late, spec.stage());
  }

  /** Beam fails on an element in no window, as there are where sliding windows leave gaps. */
  private PCollection<Ingested<T>> withoutGaps(PCollection<Ingested<T>> elements) {
    return spec.windows() instanceof SlidingWindows sliding
            && sliding.getPeriod().isLongerThan(sliding.getSize())
        ? elements
            .apply("LeaveOutGaps", ParDo.of(new LeaveOutGapsFn<>(sliding)))
            .setCoder(elements.getCoder())
        : elements;
  }

  private Window<Ingested<T>> window() {
    AfterWatermark.AfterWatermarkEarlyAndLate trigger =
        AfterWatermark.pastEndOfWindow().withLateFirings(AfterPane.elementCountAtLeast(1));
    if (spec.earlyEvery() != null) {
      trigger = trigger.withEarlyFirings(early(spec.earlyEvery()));
    }
    Window<Ingested<T>> window =
        Window.<Ingested<T>>into(spec.windows())
            .triggering(trigger)
            .withAllowedLateness(
                org.joda.time.Duration.millis(spec.allowedLatenessMillis()),
                ClosingBehavior.FIRE_IF_NON_EMPTY);
    return spec.accumulating() ? window.accumulatingFiredPanes() : window.discardingFiredPanes();
  }

  private static Trigger.OnceTrigger early(Duration every) {
    return AfterProcessingTime.pastFirstElementInPane()
        .plusDelayOf(org.joda.time.Duration.millis(every.toMillis()));
  }
}
