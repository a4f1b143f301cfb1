package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;

/**
 * Merges parts of sessions in the state of their card, and hands out the checksum of a session when
 * it ends. A timer is not moved when its session grows: it looks, when due, when the next one ends.
 */
final class MergeSessionsFunction extends KeyedProcessFunction<String, SessionPart, Long> {

  private static final long serialVersionUID = 1L;

  private transient ValueState<OpenSessions> state;

  @Override
  public void open(OpenContext context) {
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("open", OpenSessions.class));
  }

  @Override
  public void processElement(SessionPart part, Context context, Collector<Long> out)
      throws Exception {
    OpenSessions sessions = state.value();
    if (sessions == null) {
      sessions = new OpenSessions();
    }
    sessions.add(part.first, part.last, part.sum, part.count);
    setTimer(sessions, context);
    state.update(sessions);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out)
      throws Exception {
    OpenSessions sessions = state.value();
    if (sessions == null || sessions.timer != timestamp) {
      // One that an earlier session came before.
      return;
    }
    int ended = 0;
    while (ended < sessions.size && sessions.end(ended) <= timestamp) {
      Latencies.found(sessions.last(ended));
      out.collect(
          Checksum.ofSession(
              context.getCurrentKey(),
              sessions.first(ended),
              sessions.last(ended),
              sessions.sum(ended),
              sessions.count(ended)));
      ended++;
    }
    if (ended == sessions.size) {
      state.clear();
      return;
    }
    sessions.remove(ended);
    sessions.timer = Long.MAX_VALUE;
    setTimer(sessions, context);
    state.update(sessions);
  }

  private static void setTimer(OpenSessions sessions, Context context) {
    long end = sessions.end(0);
    if (end < sessions.timer) {
      sessions.timer = end;
      context.timerService().registerEventTimeTimer(end);
    }
  }
}
