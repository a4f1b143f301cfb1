package org.beamtemplates.transforms.aggregate;

/**
 * How a {@link WindowedAggregation} is computed. The results are the same; cost and latency are
 * not.
 */
public enum Strategy {
  /** {@link #TWO_LEVEL} where runner, keys and windows allow it, else {@link #PLAIN}. */
  AUTOMATIC,

  /**
   * Beam's own {@code Combine.perKey}, with Beam's triggers. Works everywhere; the reference that
   * the other is tested against.
   */
  PLAIN,

  /**
   * Elements are combined in the bundle before they are sent, and the keys of a bucket are sent and
   * kept together: what a runner does for each element, it does for each bucket. Adds up to the
   * duration of a bundle to the latency. A key with half of the stream is combined by all workers
   * that read it.
   *
   * <p>Panes of the keys of a bucket come together: an early one when the first of them is due, a
   * late one for what a bundle had.
   *
   * <p>Needs keys that are equal if their encodings are, a runner with map state, and windows that
   * do not merge, or sessions. A CombineFn may change the first accumulator that it merges, no
   * other. An element is combined once for all of its sliding windows; a bundle merges what it has
   * for each window and key at its end. It holds 20 000 accumulators at most, of a key and the
   * elements that are in the same windows, and sends them when it has more.
   */
  TWO_LEVEL
}
