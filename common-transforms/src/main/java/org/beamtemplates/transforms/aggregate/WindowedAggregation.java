package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.bucket.BundleTransform;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;

/**
 * Aggregates elements by key in event-time windows, and gives late elements back as an output.
 *
 * <p>In: {@code PCollection<Ingested<T>>}. Out: {@link Aggregated}, with {@code
 * PCollection<WindowResult<K, R>>} and {@code PCollection<LateElement<T>>}. Elements in batches:
 * {@link #combiningBatches}.
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
 * new; one when the watermark passes the end of the window; then one for every element, or for the
 * elements of a bundle together, within the allowed lateness. Panes accumulate unless {@link
 * #discarding()} is chosen. Bounded input gives one pane. They are in the global window, with the
 * timestamp of their window's end.
 *
 * <p><b>Lateness</b> is decided once for each element and window, before anything is combined,
 * against the watermark that the element's own reader had just before it ({@link
 * Ingested#watermarkMillis()}): it is late if the window's end plus the allowed lateness is before
 * that. For merging windows that is the element's own window before it is merged, as in Beam. The
 * reader's watermark is never behind the one at the grouping, so the grouping itself drops nothing
 * ({@code droppedDueToLateness} stays 0), and the same records in the same partitions are late on
 * every runner. Elements whose input has no such watermark get one from {@link StampWatermark}.
 *
 * <p><b>How</b> it is computed is chosen for the runner, with the same results: see {@link
 * Strategy}.
 *
 * <p><b>Guarantee:</b> exactly once in the state of a runner that checkpoints. <b>Cost:</b> one
 * shuffle; in state one accumulator, its key and a few bytes per key and open window, until the
 * window's end plus the allowed lateness. A sliding window is such a window: an element is in
 * {@code size / period} of them, and combined into each, or with {@link Strategy#TWO_LEVEL} once
 * for all of them. <b>Limits:</b> an element must not be held back between its reader and this
 * transform by a step that lets the watermark pass it.
 *
 * @param <K> type of the key
 * @param <T> type of the elements' values
 */
public final class WindowedAggregation<K, T> {

  private static final Duration LONGEST = Duration.ofDays(365_250);

  private final AggregationSpec<K, T> spec;

  private WindowedAggregation(AggregationSpec<K, T> spec) {
    this.spec = spec;
  }

  /**
   * Aggregates by a key.
   *
   * @param key takes the key from a value; must not throw
   * @param keyCoder deterministic coder of the keys
   */
  public static <K, T> WindowedAggregation<K, T> by(
      SerializableFunction<T, K> key, Coder<K> keyCoder) {
    return new WindowedAggregation<>(AggregationSpec.by(key, keyCoder));
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
    return new WindowedAggregation<>(spec.in(requireNonNull(windowFn, "windowFn")));
  }

  /**
   * How long after its end a window still takes elements, in event time. Default: 0. State is kept
   * for as long.
   */
  public WindowedAggregation<K, T> withAllowedLateness(Duration lateness) {
    if (lateness.isNegative()) {
      throw new IllegalArgumentException("allowed lateness must not be negative: " + lateness);
    }
    requireNotTooLong("allowed lateness", lateness);
    return new WindowedAggregation<>(spec.withAllowedLateness(lateness));
  }

  /**
   * Gives early results of an open window, this long (in processing time) after the first element
   * that is not in one yet. Default: none.
   */
  public WindowedAggregation<K, T> withEarlyResultsEvery(Duration every) {
    joda("early results", every);
    return new WindowedAggregation<>(spec.withEarlyEvery(every));
  }

  /** A pane holds everything that its window has had so far: the last one counts. The default. */
  public WindowedAggregation<K, T> accumulating() {
    return new WindowedAggregation<>(spec.accumulating(true));
  }

  /** A pane holds what its window has had since the last one: all of them add up. */
  public WindowedAggregation<K, T> discarding() {
    return new WindowedAggregation<>(spec.accumulating(false));
  }

  /** How to compute it. Default: {@link Strategy#AUTOMATIC}. */
  public WindowedAggregation<K, T> with(Strategy strategy) {
    return new WindowedAggregation<>(spec.with(requireNonNull(strategy, "strategy")));
  }

  /**
   * How many buckets keys are divided among, four times the parallelism at least. A job cannot go
   * on from a checkpoint with another number. Default: {@value Buckets#DEFAULT_COUNT}. Does nothing
   * if the strategy has no buckets.
   */
  public WindowedAggregation<K, T> withBuckets(int count) {
    return new WindowedAggregation<>(spec.withBuckets(count));
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second aggregation in a
   * pipeline. Default: aggregate.
   */
  public WindowedAggregation<K, T> named(String stageName) {
    return new WindowedAggregation<>(spec.named(stageName));
  }

  /**
   * Returns how it is computed on a runner: {@link Strategy#PLAIN} or {@link Strategy#TWO_LEVEL}.
   */
  public Strategy strategyOn(RunnerCapabilities runner) {
    return spec.strategyOn(runner);
  }

  /** Completes the transform with the function that combines the values of a key in a window. */
  public <AccumT, R> PTransform<PCollection<Ingested<T>>, Aggregated<K, T, R>> combining(
      CombineFn<T, AccumT, R> combineFn) {
    return new Aggregate<>(spec, requireNonNull(combineFn, "combineFn")).ofEach();
  }

  /** As {@link #combining}, of the elements that come in batches. */
  public <AccumT, R>
      PTransform<PCollection<IngestedBatch<T>>, Aggregated<K, T, R>> combiningBatches(
          CombineFn<T, AccumT, R> combineFn) {
    return new Aggregate<>(spec, requireNonNull(combineFn, "combineFn")).ofBatches();
  }

  private static org.joda.time.Duration joda(String what, Duration duration) {
    requireNotTooLong(what, duration);
    if (duration.toMillis() <= 0) {
      throw new IllegalArgumentException(what + " must be 1 ms at least, not " + duration);
    }
    return org.joda.time.Duration.millis(duration.toMillis());
  }

  /** What is longer ends behind the last timestamp there is, or overflows. */
  private static void requireNotTooLong(String what, Duration duration) {
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          what + " must be " + LONGEST.toDays() + " days at most, not " + duration);
    }
  }

  private static final class Aggregate<K, T, AccumT, R>
      extends BundleTransform<T, Aggregated<K, T, R>> {

    private static final long serialVersionUID = 1L;

    // Only used while the pipeline is built; the steps have what they need.
    private final transient AggregationSpec<K, T> spec;
    private final CombineFn<T, AccumT, R> combineFn;

    Aggregate(AggregationSpec<K, T> spec, CombineFn<T, AccumT, R> combineFn) {
      this.spec = spec;
      this.combineFn = combineFn;
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return spec.describeOn(runner);
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      to.computes(
          "windows "
              + spec.describeWindows()
              + "; events up to "
              + Durations.format(spec.allowedLateness())
              + " late change a result, later ones are an output of their own");
      to.computes(spec.describeOn(runner));
      to.computes(
          "state: an accumulator for each key and window, until the watermark is "
              + Durations.format(spec.allowedLateness())
              + " past the window's end");
    }

    @Override
    protected Aggregated<K, T, R> expand(BundleInput<T> elements) {
      Buckets.requireDeterministic(spec.keyCoder());
      RunnerCapabilities runner = RunnerCapabilities.of(elements.pipeline().getOptions());
      return switch (spec.strategyOn(runner)) {
        case TWO_LEVEL -> new TwoLevelAggregation<>(spec, combineFn).expand(elements);
        default -> new PlainAggregation<>(spec, combineFn).expand(elements.each());
      };
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("strategy", spec.strategy().name()))
          .add(DisplayData.item("buckets", spec.buckets()))
          .add(DisplayData.item("allowedLateness", spec.allowedLateness().toString()))
          .add(DisplayData.item("accumulating", spec.accumulating()))
          .addIfNotNull(
              DisplayData.item(
                  "earlyEvery", spec.earlyEvery() == null ? null : spec.earlyEvery().toString()));
      if (spec.windowFn() != null) {
        builder.include("windows", spec.windowFn());
      }
    }
  }

  /** Returns when a window takes nothing any more, as Beam reckons it. */
  static long closesAtMillis(BoundedWindow window, long allowedLatenessMillis) {
    long end = window.maxTimestamp().getMillis();
    return Math.min(end + allowedLatenessMillis, GlobalWindow.INSTANCE.maxTimestamp().getMillis());
  }
}
