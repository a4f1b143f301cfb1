package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Trigger;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.Window.ClosingBehavior;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Aggregates elements by key in event-time windows, and gives late elements back as an output.
 *
 * <p>In: {@code PCollection<Ingested<T>>}. Out: {@link Aggregated}, with {@code
 * PCollection<WindowResult<K, R>>} and {@code PCollection<LateElement<T>>}.
 *
 * <pre>{@code
 * Aggregated<String, PageEvent, Long> views =
 *     events.apply(
 *         "CountViews",
 *         WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of())
 *             .inFixedWindows(Duration.ofMinutes(1))
 *             .withAllowedLateness(Duration.ofMinutes(5))
 *             .withEarlyResultsEvery(Duration.ofSeconds(10))
 *             .combining(Count.combineFn()));
 * }</pre>
 *
 * <p><b>Panes.</b> Early ones, if asked for, in processing time after the first element that is
 * new; one when the watermark passes the end of the window; then one for every element within the
 * allowed lateness. Panes accumulate unless {@link #discarding()} is chosen. Bounded input gives
 * one pane.
 *
 * <p><b>Lateness</b> is decided once for each element and window, before anything is combined,
 * against the watermark that the element's own reader had just before it ({@link
 * Ingested#watermarkMillis()}): it is late if the window's end plus the allowed lateness is before
 * that. For merging windows that is the element's own window before it is merged, as in Beam. The
 * reader's watermark is never behind the one at the grouping, so the grouping itself drops nothing
 * ({@code droppedDueToLateness} stays 0), and the same records in the same partitions are late on
 * every runner. Elements whose input has no such watermark get one from {@link StampWatermark}.
 *
 * <p><b>Guarantee:</b> exactly once in the state of a runner that checkpoints. <b>Cost:</b> one
 * shuffle, one accumulator per key and open window in state. <b>Limits:</b> an element must not be
 * held back between its reader and this transform by a step that lets the watermark pass it.
 *
 * @param <K> type of the key
 * @param <T> type of the elements' values
 */
public final class WindowedAggregation<K, T> {

  private final SerializableFunction<T, K> key;
  private final Coder<K> keyCoder;
  private final @Nullable WindowFn<Object, ?> windows;
  private final Duration allowedLateness;
  private final @Nullable Duration earlyEvery;
  private final boolean accumulating;
  private final String stage;

  private WindowedAggregation(
      SerializableFunction<T, K> key,
      Coder<K> keyCoder,
      @Nullable WindowFn<Object, ?> windows,
      Duration allowedLateness,
      @Nullable Duration earlyEvery,
      boolean accumulating,
      String stage) {
    this.key = requireNonNull(key, "key");
    this.keyCoder = requireNonNull(keyCoder, "keyCoder");
    this.windows = windows;
    this.allowedLateness = allowedLateness;
    this.earlyEvery = earlyEvery;
    this.accumulating = accumulating;
    this.stage = requireNonNull(stage, "stage");
  }

  /**
   * Aggregates by a key.
   *
   * @param key takes the key from a value; must not throw
   * @param keyCoder deterministic coder of the keys
   */
  public static <K, T> WindowedAggregation<K, T> by(
      SerializableFunction<T, K> key, Coder<K> keyCoder) {
    return new WindowedAggregation<>(
        key, keyCoder, null, Duration.ZERO, null, true, LateSplitFn.DEFAULT_STAGE);
  }

  /** Windows of a fixed length, one after the other, aligned to the epoch. */
  public WindowedAggregation<K, T> inFixedWindows(Duration size) {
    return in(FixedWindows.of(joda("window size", size)));
  }

  /** Windows of a length that begin every {@code period}; an element is in several of them. */
  public WindowedAggregation<K, T> inSlidingWindows(Duration size, Duration period) {
    return in(SlidingWindows.of(joda("window size", size)).every(joda("window period", period)));
  }

  /** Windows of activity of one key that end after a {@code gap} without any. */
  public WindowedAggregation<K, T> inSessions(Duration gap) {
    return in(Sessions.withGapDuration(joda("session gap", gap)));
  }

  /** Windows of any kind, such as {@code CalendarWindows.days(1)}. */
  public WindowedAggregation<K, T> in(WindowFn<Object, ?> windowFn) {
    return new WindowedAggregation<>(
        key,
        keyCoder,
        requireNonNull(windowFn, "windowFn"),
        allowedLateness,
        earlyEvery,
        accumulating,
        stage);
  }

  /**
   * How long after its end a window still takes elements, in event time. Default: 0. State is kept
   * for as long.
   */
  public WindowedAggregation<K, T> withAllowedLateness(Duration lateness) {
    if (lateness.isNegative()) {
      throw new IllegalArgumentException("allowed lateness must not be negative: " + lateness);
    }
    return new WindowedAggregation<>(
        key, keyCoder, windows, lateness, earlyEvery, accumulating, stage);
  }

  /**
   * Gives early results of an open window, this long (in processing time) after the first element
   * that is not in one yet. Default: none.
   */
  public WindowedAggregation<K, T> withEarlyResultsEvery(Duration every) {
    joda("early results", every);
    return new WindowedAggregation<>(
        key, keyCoder, windows, allowedLateness, every, accumulating, stage);
  }

  /** A pane holds everything that its window has had so far: the last one counts. The default. */
  public WindowedAggregation<K, T> accumulating() {
    return new WindowedAggregation<>(
        key, keyCoder, windows, allowedLateness, earlyEvery, true, stage);
  }

  /** A pane holds what its window has had since the last one: all of them add up. */
  public WindowedAggregation<K, T> discarding() {
    return new WindowedAggregation<>(
        key, keyCoder, windows, allowedLateness, earlyEvery, false, stage);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second aggregation in a
   * pipeline. Default: aggregate.
   */
  public WindowedAggregation<K, T> named(String stageName) {
    return new WindowedAggregation<>(
        key, keyCoder, windows, allowedLateness, earlyEvery, accumulating, stageName);
  }

  /** Completes the transform with the function that combines the values of a key in a window. */
  public <AccumT, R> PTransform<PCollection<Ingested<T>>, Aggregated<K, T, R>> combining(
      CombineFn<T, AccumT, R> combineFn) {
    return new Aggregate<>(this, requireNonNull(combineFn, "combineFn"));
  }

  private Window<Ingested<T>> window() {
    WindowFn<Object, ?> windowFn =
        requireNonNull(windows, "the kind of windows is missing: inFixedWindows(…) or another");
    AfterWatermark.AfterWatermarkEarlyAndLate trigger =
        AfterWatermark.pastEndOfWindow().withLateFirings(AfterPane.elementCountAtLeast(1));
    if (earlyEvery != null) {
      trigger = trigger.withEarlyFirings(early(earlyEvery));
    }
    Window<Ingested<T>> window =
        Window.<Ingested<T>>into(windowFn)
            .triggering(trigger)
            .withAllowedLateness(
                org.joda.time.Duration.millis(allowedLateness.toMillis()),
                ClosingBehavior.FIRE_IF_NON_EMPTY);
    return accumulating ? window.accumulatingFiredPanes() : window.discardingFiredPanes();
  }

  private static Trigger.OnceTrigger early(Duration every) {
    return AfterProcessingTime.pastFirstElementInPane()
        .plusDelayOf(org.joda.time.Duration.millis(every.toMillis()));
  }

  private static org.joda.time.Duration joda(String what, Duration duration) {
    if (duration.toMillis() <= 0) {
      throw new IllegalArgumentException(what + " must be 1 ms at least, not " + duration);
    }
    return org.joda.time.Duration.millis(duration.toMillis());
  }

  private static final class Aggregate<K, T, AccumT, R>
      extends PTransform<PCollection<Ingested<T>>, Aggregated<K, T, R>> {

    private static final long serialVersionUID = 1L;

    // Only used while the pipeline is built; the steps have what they need.
    private final transient WindowedAggregation<K, T> spec;
    private final CombineFn<T, AccumT, R> combineFn;

    Aggregate(WindowedAggregation<K, T> spec, CombineFn<T, AccumT, R> combineFn) {
      this.spec = spec;
      this.combineFn = combineFn;
    }

    @Override
    public Aggregated<K, T, R> expand(PCollection<Ingested<T>> elements) {
      TupleTag<KV<K, T>> inTime = new TupleTag<>("in-time") {};
      TupleTag<LateElement<T>> late = new TupleTag<>("late") {};
      Coder<Ingested<T>> elementCoder = elements.getCoder();
      Coder<T> valueCoder = valueCoder(elementCoder);

      PCollection<Ingested<T>> windowed = elements.apply("Window", spec.window());
      PCollectionTuple split =
          windowed.apply(
              "SplitLate",
              ParDo.of(new LateSplitFn<>(spec.key, spec.allowedLateness, spec.stage, late))
                  .withOutputTags(inTime, TupleTagList.of(late)));
      PCollection<KV<K, T>> keyed =
          split.get(inTime).setCoder(KvCoder.of(spec.keyCoder, valueCoder));
      PCollection<KV<K, KV<Long, R>>> combined =
          keyed.apply("Combine", Combine.perKey(new CountedFn<>(combineFn)));
      PCollection<WindowResult<K, R>> results =
          combined
              .apply("ToResults", ParDo.of(new ToResultFn<>()))
              .setCoder(WindowResult.coder(spec.keyCoder, resultCoder(elements, valueCoder)));
      return new Aggregated<>(
          elements.getPipeline(),
          results,
          split.get(late).setCoder(LateElement.coder(elementCoder, windowCoder(windowed))),
          late,
          spec.stage);
    }

    @SuppressWarnings("unchecked") // the coder of Ingested<T> has that of T as its only component
    private static <T> Coder<T> valueCoder(Coder<Ingested<T>> elementCoder) {
      if (elementCoder.getCoderArguments().size() != 1) {
        throw new IllegalArgumentException(
            "elements need the coder Ingested.coder(…), not " + elementCoder);
      }
      return (Coder<T>) elementCoder.getCoderArguments().get(0);
    }

    @SuppressWarnings("unchecked") // every window of the function has this coder
    private static Coder<BoundedWindow> windowCoder(PCollection<?> windowed) {
      return (Coder<BoundedWindow>) windowed.getWindowingStrategy().getWindowFn().windowCoder();
    }

    private Coder<R> resultCoder(PCollection<?> elements, Coder<T> valueCoder) {
      try {
        return combineFn.getDefaultOutputCoder(
            elements.getPipeline().getCoderRegistry(), valueCoder);
      } catch (CannotProvideCoderException e) {
        throw new IllegalArgumentException(
            "the CombineFn must name the coder of its results: override getDefaultOutputCoder", e);
      }
    }
  }

  /** Returns when a window takes nothing any more, as Beam reckons it. */
  static long closesAtMillis(BoundedWindow window, long allowedLatenessMillis) {
    long end = window.maxTimestamp().getMillis();
    return Math.min(end + allowedLatenessMillis, GlobalWindow.INSTANCE.maxTimestamp().getMillis());
  }
}
