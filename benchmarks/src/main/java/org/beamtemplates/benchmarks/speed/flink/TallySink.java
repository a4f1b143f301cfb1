package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.beamtemplates.benchmarks.speed.Tally;

/** Takes checksums of results. */
// What it is replaced by in later versions of Flink costs the same or more.
@SuppressWarnings("deprecation")
final class TallySink extends RichSinkFunction<Long> {

  private static final long serialVersionUID = 1L;

  private transient Tally.Counter counter;

  @Override
  public void open(OpenContext context) {
    counter = Tally.newCounter();
  }

  @Override
  public void invoke(Long checksum, Context context) {
    counter.found(checksum);
  }
}
