package org.beamtemplates.benchmarks.speed.flink;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Latencies;
import org.beamtemplates.benchmarks.speed.PaymentData;

/**
 * Adds partial totals to the map of their slice, changed in place, and merges the slices of a
 * window when it ends: each record is added once, however many windows it is in.
 */
final class MergeFunction extends KeyedProcessFunction<Integer, Partials, Long> {

  private static final long serialVersionUID = 1L;

  private final long sliceMillis;
  private final long windowMillis;
  private transient MapState<Long, Map<String, WindowTotals>> slices;

  MergeFunction(long sliceMillis, long windowMillis) {
    this.sliceMillis = sliceMillis;
    this.windowMillis = windowMillis;
  }

  @Override
  public void open(OpenContext context) {
    slices =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "slices",
                    Types.LONG,
                    Types.MAP(Types.STRING, TypeInformation.of(WindowTotals.class))));
  }

  @Override
  public void processElement(Partials partials, Context context, Collector<Long> out)
      throws Exception {
    Map<String, WindowTotals> totals = slices.get(partials.slice);
    if (totals == null) {
      totals = new HashMap<>();
      long ends = partials.slice + windowMillis;
      for (long end = partials.slice + sliceMillis; end <= ends; end += sliceMillis) {
        context.timerService().registerEventTimeTimer(end - 1);
      }
    }
    for (int i = 0; i < partials.cards.length; i++) {
      WindowTotals of = totals.computeIfAbsent(partials.cards[i], unused -> new WindowTotals());
      of.sum += partials.sums[i];
      of.count += partials.counts[i];
      of.max = Math.max(of.max, partials.maxima[i]);
    }
    slices.put(partials.slice, totals);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out)
      throws Exception {
    long end = timestamp + 1;
    long start = end - windowMillis;
    Map<String, WindowTotals> merged = merged(start, end);
    for (Map.Entry<String, WindowTotals> entry : merged.entrySet()) {
      if (!PaymentData.isEnd(entry.getKey())) {
        WindowTotals totals = entry.getValue();
        Latencies.found(start);
        out.collect(Checksum.ofWindow(entry.getKey(), start, totals.sum, totals.count, totals.max));
      }
    }
    slices.remove(start);
  }

  private Map<String, WindowTotals> merged(long start, long end) throws Exception {
    if (sliceMillis == windowMillis) {
      Map<String, WindowTotals> only = slices.get(start);
      return only == null ? Map.of() : only;
    }
    Map<String, WindowTotals> merged = new HashMap<>();
    for (long slice = start; slice < end; slice += sliceMillis) {
      Map<String, WindowTotals> totals = slices.get(slice);
      if (totals != null) {
        totals.forEach(
            (card, part) -> merged.computeIfAbsent(card, unused -> new WindowTotals()).add(part));
      }
    }
    return merged;
  }
}
