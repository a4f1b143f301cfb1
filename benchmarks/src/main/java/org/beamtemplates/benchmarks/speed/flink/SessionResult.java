package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.PaymentData;

/** Hands out the checksum of a session. */
final class SessionResult extends ProcessWindowFunction<SessionTotals, Long, String, TimeWindow> {

  private static final long serialVersionUID = 1L;

  @Override
  public void process(
      String card, Context context, Iterable<SessionTotals> elements, Collector<Long> out) {
    if (!PaymentData.isEnd(card)) {
      for (SessionTotals totals : elements) {
        Latencies.found(totals.last);
        out.collect(Checksum.ofSession(card, totals.first, totals.last, totals.sum, totals.count));
      }
    }
  }
}
