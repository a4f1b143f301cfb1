package org.beamtemplates.benchmarks.analytics;

import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.beamtemplates.schemas.DeadLetter;

/** Sends views on, and dead letters aside. */
final class SplitFunction extends ProcessFunction<PageRead, PageView> {

  private static final long serialVersionUID = 1L;

  static final OutputTag<DeadLetter> DEAD =
      new OutputTag<>("dead", new GenericTypeInfo<>(DeadLetter.class));

  @Override
  public void processElement(PageRead read, Context context, Collector<PageView> out) {
    if (read.dead == null) {
      out.collect(read.view);
    } else {
      context.output(DEAD, read.dead);
    }
  }
}
