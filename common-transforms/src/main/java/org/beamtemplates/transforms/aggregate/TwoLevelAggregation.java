package org.beamtemplates.transforms.aggregate;

import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/**
 * {@link Strategy#TWO_LEVEL}: combined in the bundle, then kept by the bucket.
 *
 * <p><b>Limits:</b> behind it, the watermark is at the end of the oldest window that is not closed
 * yet, behind that of the input by the allowed lateness and a window, while there is anything in
 * these windows: a runner clears the state of a window with a timer that holds it there. No pane
 * comes later for it, but a second aggregation behind this one closes its windows so much later.
 */
final class TwoLevelAggregation<K, T, AccumT, R> {

  private final AggregationSpec<K, T> spec;
  private final CombineFn<T, AccumT, R> combineFn;

  TwoLevelAggregation(AggregationSpec<K, T> spec, CombineFn<T, AccumT, R> combineFn) {
    this.spec = spec;
    this.combineFn = combineFn;
  }

  Aggregated<K, T, R> expand(BundleInput<T> elements) {
    Buckets<K> buckets = Buckets.of(spec.keyCoder(), spec.buckets());
    buckets.checkEnoughFor(RunnerCapabilities.of(elements.pipeline().getOptions()).parallelism());
    if (spec.windows() instanceof Sessions sessions) {
      Duration gap = Duration.ofMillis(sessions.getGapDuration().getMillis());
      return new SessionAggregation<>(spec, combineFn, gap).expand(elements);
    }
    if (!spec.windows().isNonMerging()) {
      throw new IllegalArgumentException(
          "windows that merge cannot be aggregated with Strategy.TWO_LEVEL, except sessions, and "
              + spec.windows()
              + " merges: choose Strategy.PLAIN or AUTOMATIC");
    }
    return inWindows(elements, buckets);
  }

  private Aggregated<K, T, R> inWindows(BundleInput<T> elements, Buckets<K> buckets) {
    TupleTag<KV<Integer, WindowBatch<K, AccumT>>> batches = Results.tag("batches");
    TupleTag<LateElement<T>> late = Results.tag("late");
    Coder<BoundedWindow> windowCoder = Results.windowCoder(spec);
    Coder<Counted<AccumT>> countedCoder =
        Results.accumulatorCoder(new CountedFn<>(combineFn), elements);

    PCollectionTuple split =
        elements.apply(
            "PreAggregate",
            new PreAggregateStep<>(spec, combineFn, buckets, late),
            batches,
            TupleTagList.of(late));
    PCollection<WindowResult<K, R>> results =
        split
            .get(batches)
            .setCoder(
                KvCoder.of(
                    VarIntCoder.of(),
                    WindowBatch.coder(windowCoder, spec.keyCoder(), countedCoder)))
            .apply("Window", window(windowCoder))
            .apply("Panes", ParDo.of(new PanesFn<>(spec, combineFn, countedCoder)))
            .setCoder(Results.coder(spec, combineFn, elements))
            .apply("Global", Window.into(new GlobalWindows()));
    return new Aggregated<>(
        elements.pipeline(),
        results,
        split.get(late).setCoder(LateElement.coder(elements.coder(), windowCoder)),
        late,
        spec.stage());
  }

  private Window<KV<Integer, WindowBatch<K, AccumT>>> window(Coder<BoundedWindow> windowCoder) {
    return Window.<KV<Integer, WindowBatch<K, AccumT>>>into(new WindowOfBatchFn<>(windowCoder))
        .triggering(DefaultTrigger.of())
        .withAllowedLateness(org.joda.time.Duration.millis(spec.allowedLatenessMillis()))
        .discardingFiredPanes();
  }
}
