package org.beamtemplates.transforms.demo;

/** How far a partition has come, and with it the watermark that its reader will have. */
final class PartitionProgress {

  /** Good records that a partition has before anything else, so that it has a watermark. */
  static final int WARM_AFTER = 50;

  private final long maxDelayMillis;
  private long newestMillis = Long.MIN_VALUE;
  private int good;

  PartitionProgress(long maxDelayMillis) {
    this.maxDelayMillis = maxDelayMillis;
  }

  void good(long eventTimeMillis) {
    good++;
    newestMillis = Math.max(newestMillis, eventTimeMillis);
  }

  boolean isWarm() {
    return good >= WARM_AFTER;
  }

  long newestMillis() {
    return newestMillis;
  }

  /** Returns the watermark that decides whether the next record is late. */
  long watermarkMillis() {
    return newestMillis - maxDelayMillis;
  }
}
