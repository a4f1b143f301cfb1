package org.beamtemplates.transforms.aggregate;

import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/**
 * {@link Strategy#TWO_LEVEL} for session windows: elements are merged into sessions in the bundle,
 * and these into the sessions of their bucket, in state.
 *
 * <p><b>Panes</b> are those of {@link Strategy#PLAIN}, in window, content, revision and timestamp,
 * but for these: a session that the watermark has passed gives its pane at the next moment of a
 * grid, a sixteenth of the gap apart and a second at most, or before that when an element of its
 * key comes; elements of a bundle make one early or late pane together; early panes come for all
 * keys of a bucket at once, so that some come sooner; and a session that is new when the watermark
 * has already passed it is {@code LATE}, where a runner of Beam can call it {@code ON_TIME}.
 *
 * <p><b>Late data.</b> An element is late if the session that it alone would make, from its event
 * time to the gap after it, has ended before its reader's watermark by more than the allowed
 * lateness. One that is not late
 *
 * <ul>
 *   <li>within a session that has had its pane gives that window a correction at once;
 *   <li>that makes a session longer, or joins several, makes a new window, whose revisions start at
 *       0: with a pane at once if the watermark has passed its new end, else at that end. What
 *       panes of the former windows have said stays said: a store must let the longer session
 *       replace those it contains;
 *   <li>never joins a session that is closed, having ended before the watermark at this step by
 *       more than the allowed lateness. It begins a new one that can overlap it, as in Beam.
 * </ul>
 *
 * <p><b>Cost:</b> one shuffle of a bundle's sessions by the bucket. State: for each key, its
 * sessions that are not closed, in one map entry that is read and written once a bundle; the key
 * itself in one entry of the agenda; nothing of a key without sessions. A closed session stays for
 * a sixteenth of the allowed lateness at most. A key with many separate sessions within the allowed
 * lateness rewrites all of them with each bundle that it is in. The output watermark is behind the
 * input's by a step of the grid at most.
 *
 * <p><b>Limits:</b> runners that let a timer see the watermark of its step. A CombineFn merges into
 * the first of the accumulators, if it changes any.
 */
final class SessionAggregation<K, T, AccumT, R> {

  private final AggregationSpec<K, T> spec;
  private final CombineFn<T, AccumT, R> combineFn;
  private final Duration gap;

  SessionAggregation(AggregationSpec<K, T> spec, CombineFn<T, AccumT, R> combineFn, Duration gap) {
    this.spec = spec;
    this.combineFn = combineFn;
    this.gap = gap;
  }

  Aggregated<K, T, R> expand(BundleInput<T> elements) {
    Buckets<K> buckets = Buckets.of(spec.keyCoder(), spec.buckets());
    buckets.checkEnoughFor(RunnerCapabilities.of(elements.pipeline().getOptions()).parallelism());
    Coder<AccumT> accumulatorCoder = Results.accumulatorCoder(combineFn, elements);
    SessionTimes times = SessionTimes.of(gap, spec.allowedLateness());
    TupleTag<KV<Integer, List<KV<K, List<Session<AccumT>>>>>> inTime = Results.tag("in-time");
    TupleTag<LateElement<T>> late = Results.tag("late");

    PCollectionTuple split =
        elements.apply(
            "SessionsInBundle",
            new SessionsInBundleStep<>(spec, buckets, combineFn, times, late),
            inTime,
            TupleTagList.of(late));
    PCollection<WindowResult<K, R>> results =
        split
            .get(inTime)
            .setCoder(
                BundleBuffer.coder(spec.keyCoder(), ListCoder.of(Session.coder(accumulatorCoder))))
            .apply("Sessions", ParDo.of(new SessionsFn<>(spec, combineFn, accumulatorCoder, times)))
            .setCoder(Results.coder(spec, combineFn, elements));
    return new Aggregated<>(
        elements.pipeline(),
        results,
        split.get(late).setCoder(LateElement.coder(elements.coder(), Results.windowCoder(spec))),
        late,
        spec.stage());
  }
}
