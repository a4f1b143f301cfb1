package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.WindowText;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a {@link WindowedAggregation} is to do.
 *
 * @param windowFn the kind of windows; null until it is chosen
 * @param earlyEvery time between early panes; null for none
 */
record AggregationSpec<K, T>(
    SerializableFunction<T, K> key,
    Coder<K> keyCoder,
    @Nullable WindowFn<Object, ?> windowFn,
    Duration allowedLateness,
    @Nullable Duration earlyEvery,
    boolean accumulating,
    Strategy strategy,
    int buckets,
    String stage) {

  AggregationSpec {
    requireNonNull(key, "key");
    requireNonNull(keyCoder, "keyCoder");
    requireNonNull(stage, "stage");
  }

  static <K, T> AggregationSpec<K, T> by(SerializableFunction<T, K> key, Coder<K> keyCoder) {
    return new AggregationSpec<>(
        key,
        keyCoder,
        null,
        Duration.ZERO,
        null,
        true,
        Strategy.AUTOMATIC,
        Buckets.DEFAULT_COUNT,
        LateSplitFn.DEFAULT_STAGE);
  }

  AggregationSpec<K, T> in(WindowFn<Object, ?> kind) {
    return new AggregationSpec<>(
        key, keyCoder, kind, allowedLateness, earlyEvery, accumulating, strategy, buckets, stage);
  }

  AggregationSpec<K, T> withAllowedLateness(Duration lateness) {
    return new AggregationSpec<>(
        key, keyCoder, windowFn, lateness, earlyEvery, accumulating, strategy, buckets, stage);
  }

  AggregationSpec<K, T> withEarlyEvery(Duration every) {
    return new AggregationSpec<>(
        key, keyCoder, windowFn, allowedLateness, every, accumulating, strategy, buckets, stage);
  }

  AggregationSpec<K, T> accumulating(boolean accumulate) {
    return new AggregationSpec<>(
        key, keyCoder, windowFn, allowedLateness, earlyEvery, accumulate, strategy, buckets, stage);
  }

  AggregationSpec<K, T> with(Strategy other) {
    return new AggregationSpec<>(
        key, keyCoder, windowFn, allowedLateness, earlyEvery, accumulating, other, buckets, stage);
  }

  AggregationSpec<K, T> withBuckets(int count) {
    return new AggregationSpec<>(
        key, keyCoder, windowFn, allowedLateness, earlyEvery, accumulating, strategy, count, stage);
  }

  AggregationSpec<K, T> named(String name) {
    return new AggregationSpec<>(
        key,
        keyCoder,
        windowFn,
        allowedLateness,
        earlyEvery,
        accumulating,
        strategy,
        buckets,
        name);
  }

  /** Returns the kind of windows. */
  WindowFn<Object, ?> windows() {
    return requireNonNull(windowFn, "the kind of windows is missing: inFixedWindows(…) or another");
  }

  long allowedLatenessMillis() {
    return allowedLateness.toMillis();
  }

  /** Returns the strategy on a runner: never {@link Strategy#AUTOMATIC}. */
  Strategy strategyOn(RunnerCapabilities runner) {
    return switch (strategy) {
      case PLAIN, TWO_LEVEL -> strategy;
      case AUTOMATIC ->
          runner.bucketedState() && Buckets.canDivide(keyCoder) && hasTwoLevels()
              ? Strategy.TWO_LEVEL
              : Strategy.PLAIN;
    };
  }

  /** Tells the kind of windows. */
  String describeWindows() {
    return WindowText.of(windows());
  }

  /** Tells the strategy on a runner, and why. */
  String describeOn(RunnerCapabilities runner) {
    if (strategyOn(runner) == Strategy.TWO_LEVEL) {
      return "combined in the bundle, then by " + buckets + " buckets of keys (TWO_LEVEL)";
    }
    return "Beam's Combine, element by element (PLAIN" + reasonForPlain(runner) + ")";
  }

  private String reasonForPlain(RunnerCapabilities runner) {
    if (strategy == Strategy.PLAIN) {
      return ", as asked for";
    }
    if (!runner.bucketedState()) {
      return ": " + runner.name() + " is not known to keep map state";
    }
    return Buckets.canDivide(keyCoder)
        ? ": these windows merge in a way of their own"
        : ": keys of " + keyCoder + " are not looked up by equals";
  }

  private boolean hasTwoLevels() {
    return windows().isNonMerging() || windows() instanceof Sessions;
  }
}
