package org.beamtemplates.benchmarks.speed.flink;

/** First and last time, sum and count of a session: a POJO. */
public final class SessionTotals {

  public long first = Long.MAX_VALUE;
  public long last = Long.MIN_VALUE;
  public long sum;
  public long count;
}
