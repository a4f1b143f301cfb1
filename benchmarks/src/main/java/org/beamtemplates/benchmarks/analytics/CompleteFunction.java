package org.beamtemplates.benchmarks.analytics;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.beamtemplates.schemas.PageStatistics;

/** Names key, window and revision in the statistics, which are new. */
final class CompleteFunction
    extends ProcessWindowFunction<
        PageStatistics, PageStatistics, Tuple2<String, String>, TimeWindow> {

  private static final long serialVersionUID = 1L;

  private static final ValueStateDescriptor<Long> REVISION =
      new ValueStateDescriptor<>("revision", Types.LONG);

  @Override
  public void process(
      Tuple2<String, String> key,
      Context context,
      Iterable<PageStatistics> results,
      Collector<PageStatistics> out)
      throws Exception {
    PageStatistics statistics = results.iterator().next();
    ValueState<Long> revisions = context.windowState().getState(REVISION);
    Long last = revisions.value();
    long revision = last == null ? 0 : last + 1;
    revisions.update(revision);
    statistics.setWindowStartMs(context.window().getStart());
    statistics.setWindowEndMs(context.window().getEnd());
    statistics.setCategory(key.f0);
    statistics.setCountry(key.f1);
    statistics.setTiming(revision == 0 ? "ON_TIME" : "LATE");
    statistics.setRevision(revision);
    out.collect(statistics);
  }

  @Override
  public void clear(Context context) {
    context.windowState().getState(REVISION).clear();
  }
}
