package org.beamtemplates.transforms.bucket;

import org.apache.beam.sdk.coders.Coder;
import org.beamtemplates.transforms.launch.RunnerCapabilities;

/** How a step keeps state by the key. The results are the same; cost and latency are not. */
public enum StateStrategy {
  /** {@link #BUCKETED} where runner and keys allow it, else {@link #PLAIN}. */
  AUTOMATIC,

  /**
   * A state cell and a timer for each key, as in Beam's own examples. Works everywhere; the
   * reference that the other is tested against.
   */
  PLAIN,

  /**
   * The elements of a bundle are sent by the bucket of their keys, and the keys of a bucket are
   * kept in one map: what a runner does for each element, it does for each bucket, and a bucket has
   * one timer. Adds up to the duration of a bundle to the latency.
   *
   * <p>Needs keys that are equal if their encodings are, and a runner with map state.
   */
  BUCKETED;

  /** Returns the strategy for keys of a coder on a runner: never {@link #AUTOMATIC}. */
  public StateStrategy on(RunnerCapabilities runner, Coder<?> keyCoder) {
    return switch (this) {
      case PLAIN, BUCKETED -> this;
      case AUTOMATIC -> runner.bucketedState() && Buckets.canDivide(keyCoder) ? BUCKETED : PLAIN;
    };
  }
}
