package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.functions.AggregateFunction;

/** Adds to a session in place. */
final class SessionFunction implements AggregateFunction<Charge, SessionTotals, SessionTotals> {

  private static final long serialVersionUID = 1L;

  @Override
  public SessionTotals createAccumulator() {
    return new SessionTotals();
  }

  @Override
  public SessionTotals add(Charge charge, SessionTotals totals) {
    totals.first = Math.min(totals.first, charge.time);
    totals.last = Math.max(totals.last, charge.time);
    totals.sum += charge.cents;
    totals.count++;
    return totals;
  }

  @Override
  public SessionTotals getResult(SessionTotals totals) {
    return totals;
  }

  @Override
  public SessionTotals merge(SessionTotals one, SessionTotals other) {
    one.first = Math.min(one.first, other.first);
    one.last = Math.max(one.last, other.last);
    one.sum += other.sum;
    one.count += other.count;
    return one;
  }
}
