package org.beamtemplates.benchmarks.analytics;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets the first view of an id pass. An id is forgotten when its window takes no more views: by a
 * timer of event time, as a time to live is processing time and knows nothing of windows.
 */
final class FirstFunction extends KeyedProcessFunction<String, PageView, PageView> {

  private static final long serialVersionUID = 1L;

  private final long horizonMillis;
  private transient ValueState<Boolean> seen;

  FirstFunction(long horizonMillis) {
    this.horizonMillis = horizonMillis;
  }

  @Override
  public void open(OpenContext context) {
    seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Types.BOOLEAN));
  }

  @Override
  public void processElement(PageView view, Context context, Collector<PageView> out)
      throws Exception {
    if (seen.value() == null) {
      seen.update(true);
      context.timerService().registerEventTimeTimer(context.timestamp() + horizonMillis);
      out.collect(view);
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<PageView> out) {
    seen.clear();
  }
}
