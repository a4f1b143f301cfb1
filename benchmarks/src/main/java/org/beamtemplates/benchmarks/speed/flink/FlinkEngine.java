package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.beamtemplates.benchmarks.speed.Engine;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * The DataStream API as its documentation teaches it: windows that aggregate incrementally, keyed
 * state, POJOs of a few fields behind the source.
 */
public final class FlinkEngine implements Engine {

  @Override
  public boolean does(Job job) {
    return true;
  }

  @Override
  public void run(Job job) throws Exception {
    FlinkSetting setting = new FlinkSetting(job);
    switch (job.workload()) {
      case W1, W2 -> sum(setting, TumblingEventTimeWindows.of(Workload.MINUTE));
      case W5 -> sum(setting, SlidingEventTimeWindows.of(Workload.SLIDING_SIZE, Workload.MINUTE));
      case W3 -> setting.payments().addSink(new ChangeSink()).name("change");
      case W4 ->
          // Flink merges what is exactly a gap apart, too.
          byCard(setting)
              .window(EventTimeSessionWindows.withGap(Workload.SESSION_GAP.minusMillis(1)))
              .aggregate(new SessionFunction(), new SessionResult())
              .addSink(new TallySink())
              .name("tally");
      case W6 ->
          byCard(setting).process(new WatchFunction()).addSink(new TallySink()).name("tally");
    }
    setting.execute();
  }

  private static void sum(FlinkSetting setting, WindowAssigner<Object, TimeWindow> windows) {
    byCard(setting)
        .window(windows)
        .aggregate(new TotalsFunction(), new TotalsResult())
        .addSink(new TallySink())
        .name("tally");
  }

  private static KeyedStream<Charge, String> byCard(FlinkSetting setting) {
    return setting.charges().keyBy(charge -> charge.card);
  }
}
