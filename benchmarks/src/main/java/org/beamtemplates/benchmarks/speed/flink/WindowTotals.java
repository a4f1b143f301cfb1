package org.beamtemplates.benchmarks.speed.flink;

/** Sum, count and maximum: a POJO. */
public final class WindowTotals {

  public long sum;
  public long count;
  public long max = Long.MIN_VALUE;

  void add(long cents) {
    sum += cents;
    count++;
    max = Math.max(max, cents);
  }

  void add(WindowTotals other) {
    sum += other.sum;
    count += other.count;
    max = Math.max(max, other.max);
  }
}
