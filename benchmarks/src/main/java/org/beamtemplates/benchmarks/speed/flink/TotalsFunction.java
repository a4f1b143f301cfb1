package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.functions.AggregateFunction;

/** Adds to totals in place. */
final class TotalsFunction implements AggregateFunction<Charge, WindowTotals, WindowTotals> {

  private static final long serialVersionUID = 1L;

  @Override
  public WindowTotals createAccumulator() {
    return new WindowTotals();
  }

  @Override
  public WindowTotals add(Charge charge, WindowTotals totals) {
    totals.add(charge.cents);
    return totals;
  }

  @Override
  public WindowTotals getResult(WindowTotals totals) {
    return totals;
  }

  @Override
  public WindowTotals merge(WindowTotals one, WindowTotals other) {
    one.add(other);
    return one;
  }
}
