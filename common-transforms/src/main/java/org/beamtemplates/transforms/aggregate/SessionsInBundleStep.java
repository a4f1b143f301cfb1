package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.beamtemplates.transforms.bucket.BundleStep;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Decides for each element whether the session that it alone would make is still open, and merges
 * those that are into the sessions of their key in the bundle. The sessions of a bucket leave
 * together.
 */
final class SessionsInBundleStep<K, T, AccumT>
    extends BundleStep<T, KV<Integer, List<KV<K, List<Session<AccumT>>>>>> {

  private static final long serialVersionUID = 1L;

  private final SerializableFunction<T, K> key;
  private final Buckets<K> buckets;
  private final CombineFn<T, AccumT, ?> combineFn;
  private final SessionTimes times;
  private final TupleTag<LateElement<T>> late;
  private transient @Nullable BundleBuffer<K, List<Session<AccumT>>> buffer;
  private transient int held;

  SessionsInBundleStep(
      AggregationSpec<K, T> spec,
      Buckets<K> buckets,
      CombineFn<T, AccumT, ?> combineFn,
      SessionTimes times,
      TupleTag<LateElement<T>> late) {
    super(spec.stage());
    this.key = spec.key();
    this.buckets = buckets;
    this.combineFn = combineFn;
    this.times = times;
    this.late = late;
  }

  @Override
  protected void setUp() {
    buffer = new BundleBuffer<>(buckets);
  }

  @Override
  protected void clear() {
    buffer.clear();
    held = 0;
  }

  @Override
  protected void add(
      Ingested<T> element,
      long eventTimeMillis,
      OutputReceiver<KV<Integer, List<KV<K, List<Session<AccumT>>>>>> output,
      MultiOutputReceiver outputs) {
    tally.in();
    long start = eventTimeMillis;
    long end = start + times.gapMillis();
    if (times.isClosed(end, element.watermarkMillis())) {
      tally.late();
      Instant timestamp = Instant.ofEpochMilli(start);
      IntervalWindow window = new IntervalWindow(timestamp, Instant.ofEpochMilli(end));
      outputs.get(late).outputWithTimestamp(new LateElement<>(element, start, window), timestamp);
      return;
    }
    tally.out();
    T value = element.value();
    List<Session<AccumT>> sessions = buffer.of(key.apply(value), start, any -> new ArrayList<>(1));
    held -= sessions.size();
    merge(value, start, end, sessions);
    held += sessions.size();
    if (buffer.isFull() || held >= BundleBuffer.MAX_KEYS) {
      drain(output::outputWithTimestamp);
    }
  }

  @Override
  protected void drain(
      BiConsumer<KV<Integer, List<KV<K, List<Session<AccumT>>>>>, Instant> output) {
    buffer.drain(
        (bucket, timestamp) -> {
          bucket.getValue().forEach(ofKey -> ofKey.getValue().replaceAll(this::compact));
          output.accept(bucket, timestamp);
        });
    held = 0;
  }

  /** Keeps the sessions in order and apart. Their accumulators belong to this bundle. */
  private void merge(T value, long start, long end, List<Session<AccumT>> sessions) {
    int first = Span.firstEndingAfter(sessions, start);
    int next = Span.lastOverlapping(sessions, first, end);
    if (first == next) {
      AccumT accumulator = combineFn.addInput(combineFn.createAccumulator(), value);
      sessions.add(first, new Session<>(start, end, accumulator));
      return;
    }
    List<Session<AccumT>> touched = sessions.subList(first, next);
    Session<AccumT> earliest = touched.get(0);
    Session<AccumT> latest = touched.get(touched.size() - 1);
    AccumT accumulator =
        touched.size() == 1
            ? earliest.accumulator()
            : combineFn.mergeAccumulators(touched.stream().map(Session::accumulator).toList());
    Session<AccumT> merged =
        new Session<>(
            Math.min(start, earliest.startMillis()),
            Math.max(end, latest.endMillis()),
            combineFn.addInput(accumulator, value));
    touched.clear();
    sessions.add(first, merged);
  }

  private Session<AccumT> compact(Session<AccumT> session) {
    return new Session<>(
        session.startMillis(), session.endMillis(), combineFn.compact(session.accumulator()));
  }
}
