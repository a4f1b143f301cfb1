package org.beamtemplates.benchmarks.speed;

/**
 * The aggregate of W1, W2 and W5, for engines whose accumulators are changed in place; others have
 * their own, with the same values.
 */
public final class Totals {

  private long sum;
  private long count;
  private long max = Long.MIN_VALUE;

  /** Totals of no payment. */
  public Totals() {}

  /** Totals of these values. */
  public Totals(long sum, long count, long max) {
    this.sum = sum;
    this.count = count;
    this.max = max;
  }

  /** Adds others, which stay as they are. */
  public void add(Totals other) {
    sum += other.sum;
    count += other.count;
    max = Math.max(max, other.max);
  }

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
