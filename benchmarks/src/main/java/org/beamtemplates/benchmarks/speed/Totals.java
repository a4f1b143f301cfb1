package org.beamtemplates.benchmarks.speed;

/**
 * The aggregate of W1, W2 and W5, for engines whose accumulators are changed in place; others have
 * their own, with the same values.
 */
public final class Totals {

  private long sum;
  private long count;
  private long max = Long.MIN_VALUE;

  /** Adds a payment. */
  public void add(long cents) {
    sum += cents;
    count++;
    max = Math.max(max, cents);
  }

  public long sum() {
    return sum;
  }

  public long count() {
    return count;
  }

  public long max() {
    return max;
  }
}
