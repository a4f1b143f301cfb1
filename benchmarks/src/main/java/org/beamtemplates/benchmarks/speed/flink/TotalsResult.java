package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.PaymentData;

/** Hands out the checksum of a window's totals. */
final class TotalsResult extends ProcessWindowFunction<WindowTotals, Long, String, TimeWindow> {

  private static final long serialVersionUID = 1L;

  @Override
  public void process(
      String card, Context context, Iterable<WindowTotals> elements, Collector<Long> out) {
    if (!PaymentData.isEnd(card)) {
      for (WindowTotals totals : elements) {
        Latencies.found(context.window().getStart());
        out.collect(
            Checksum.ofWindow(
                card, context.window().getStart(), totals.sum, totals.count, totals.max));
      }
    }
  }
}
