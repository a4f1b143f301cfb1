package org.beamtemplates.transforms.state;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What a {@link KeyedState} is to do.
 *
 * @param timeToLive null until it is chosen
 * @param allowedLateness null for the time to live
 * @param deadLetters where events go that the function fails for; null for nowhere
 * @param encoder writes the payload of dead letters; null if there are none
 */
record KeyedStateSpec<K, T>(
    SerializableFunction<T, K> key,
    Coder<K> keyCoder,
    @Nullable Duration timeToLive,
    @Nullable Duration allowedLateness,
    @Nullable DeadLetters deadLetters,
    @Nullable Encoder<T> encoder,
    StateStrategy strategy,
    int buckets,
    String stage) {

  private static final String DEFAULT_STAGE = "state";

  KeyedStateSpec {
    requireNonNull(key, "key");
    requireNonNull(keyCoder, "keyCoder");
    requireNonNull(strategy, "strategy");
    requireNonNull(stage, "stage");
  }

  static <K, T> KeyedStateSpec<K, T> by(SerializableFunction<T, K> key, Coder<K> keyCoder) {
    return new KeyedStateSpec<>(
        key,
        keyCoder,
        null,
        null,
        null,
        null,
        StateStrategy.AUTOMATIC,
        Buckets.DEFAULT_COUNT,
        DEFAULT_STAGE);
  }

  KeyedStateSpec<K, T> expiringAfter(Duration time) {
    return new KeyedStateSpec<>(
        key, keyCoder, time, allowedLateness, deadLetters, encoder, strategy, buckets, stage);
  }

  KeyedStateSpec<K, T> withAllowedLateness(Duration lateness) {
    return new KeyedStateSpec<>(
        key, keyCoder, timeToLive, lateness, deadLetters, encoder, strategy, buckets, stage);
  }

  KeyedStateSpec<K, T> withDeadLetters(DeadLetters handler, Encoder<T> payload) {
    return new KeyedStateSpec<>(
        key, keyCoder, timeToLive, allowedLateness, handler, payload, strategy, buckets, stage);
  }

  KeyedStateSpec<K, T> with(StateStrategy other) {
    return new KeyedStateSpec<>(
        key, keyCoder, timeToLive, allowedLateness, deadLetters, encoder, other, buckets, stage);
  }

  KeyedStateSpec<K, T> withBuckets(int count) {
    return new KeyedStateSpec<>(
        key, keyCoder, timeToLive, allowedLateness, deadLetters, encoder, strategy, count, stage);
  }

  KeyedStateSpec<K, T> named(String name) {
    return new KeyedStateSpec<>(
        key, keyCoder, timeToLive, allowedLateness, deadLetters, encoder, strategy, buckets, name);
  }

  /** Returns how long a state can be seen. */
  Lifetime lifetime() {
    if (timeToLive == null) {
      throw new IllegalStateException("how long state lives is missing: expiringAfter(…)");
    }
    Duration lateness = allowedLateness == null ? timeToLive : allowedLateness;
    return new Lifetime(timeToLive.toMillis(), lateness.toMillis());
  }
}
