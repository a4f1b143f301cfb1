package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** As {@link WatchFunction}, with one look at the state for all charges of a batch. */
final class WatchBatchFunction extends KeyedProcessFunction<String, ChargeBatch, Long> {

  private static final long serialVersionUID = 1L;

  private transient ValueState<History> state;

  @Override
  public void open(OpenContext context) {
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("history", History.class));
  }

  @Override
  public void processElement(ChargeBatch batch, Context context, Collector<Long> out)
      throws Exception {
    History history = state.value();
    if (history == null) {
      history = new History();
    }
    long[] charges = batch.charges;
    for (int i = 0; i < charges.length; i += 2) {
      WatchFunction.watch(batch.card, charges[i], charges[i + 1], history, out);
    }
    state.update(history);
  }
}
