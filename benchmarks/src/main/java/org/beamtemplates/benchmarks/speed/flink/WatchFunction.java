package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.beamtemplates.benchmarks.speed.CardHistory;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.PaymentData;

/** The two rules of W6, over a state of each card; hands out checksums of alerts. */
final class WatchFunction extends KeyedProcessFunction<String, Charge, Long> {

  private static final long serialVersionUID = 1L;

  private transient ValueState<History> state;

  @Override
  public void open(OpenContext context) {
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("history", History.class));
  }

  @Override
  public void processElement(Charge charge, Context context, Collector<Long> out) throws Exception {
    if (PaymentData.isEnd(charge.card)) {
      return;
    }
    History history = state.value();
    if (history == null) {
      history = new History();
    }
    watch(charge.card, charge.cents, charge.time, history, out);
    state.update(history);
  }

  /** Adds a charge to a history, and hands out what it is an alert of. */
  static void watch(String card, long cents, long time, History history, Collector<Long> out) {
    boolean high = CardHistory.isHigh(history.average, history.count, cents);
    history.add(cents, time);
    if (high) {
      out.collect(alert(card, time, CardHistory.HIGH, history));
    }
    if (CardHistory.isBurst(history.count, history.times)) {
      out.collect(alert(card, time, CardHistory.BURST, history));
    }
  }

  private static long alert(String card, long time, int rule, History history) {
    Latencies.found(time);
    return Checksum.ofAlert(card, time, rule, CardHistory.sum(history.cents));
  }
}
