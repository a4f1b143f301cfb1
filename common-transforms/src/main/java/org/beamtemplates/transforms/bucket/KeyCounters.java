package org.beamtemplates.transforms.bucket;

import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * Counts the keys that a stage has begun to remember and those that it has forgotten; the
 * difference is how many it holds. Beam metrics in the namespace {@value #NAMESPACE}, named {@code
 * <stage>.remembered} and {@code <stage>.forgotten}.
 */
public final class KeyCounters implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Namespace of the counters. */
  public static final String NAMESPACE = "state";

  private final Counter remembered;
  private final Counter forgotten;

  private KeyCounters(String stage) {
    this.remembered = Metrics.counter(NAMESPACE, stage + ".remembered");
    this.forgotten = Metrics.counter(NAMESPACE, stage + ".forgotten");
  }

  /** Returns the counters of a stage. */
  public static KeyCounters of(String stage) {
    return new KeyCounters(stage);
  }

  /** Counts keys that nothing was known of before. */
  public void remembered(long keys) {
    if (keys > 0) {
      remembered.inc(keys);
    }
  }

  /** Counts keys that nothing is known of any more. */
  public void forgotten(long keys) {
    if (keys > 0) {
      forgotten.inc(keys);
    }
  }
}
