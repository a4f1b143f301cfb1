package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.beamtemplates.benchmarks.speed.Engine;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * The library's tricks, written by hand for Flink: an operator of one's own before the shuffle that
 * adds up (windows, sessions) or puts together what is of a card (rules), and state by bucket for
 * windows. On the heap, as RocksDB would have to read a bucket's map whole.
 */
public final class LocalFlinkEngine implements Engine {

  /** As many as the library has by default. */
  private static final int BUCKETS = 128;

  @Override
  public boolean does(Job job) {
    return job.workload() != Workload.W3 && job.state() == Job.State.HEAP;
  }

  @Override
  public void run(Job job) throws Exception {
    FlinkSetting setting = new FlinkSetting(job);
    long minute = Workload.MINUTE.toMillis();
    switch (job.workload()) {
      case W1, W2 -> tally(sums(setting, minute, minute));
      case W5 -> tally(sums(setting, minute, Workload.SLIDING_SIZE.toMillis()));
      case W4 -> tally(sessions(setting));
      case W6 -> tally(alerts(setting));
      case W3 -> throw new IllegalArgumentException("W3 has nothing to combine; use FLINK");
    }
    setting.execute();
  }

  private static DataStream<Long> sums(FlinkSetting setting, long slice, long window) {
    return setting
        .charges()
        .transform("add up", TypeInformation.of(Partials.class), new PreAggregate(slice, BUCKETS))
        .keyBy(partials -> partials.bucket)
        .process(new MergeFunction(slice, window));
  }

  private static DataStream<Long> sessions(FlinkSetting setting) {
    return setting
        .charges()
        .transform("add up", TypeInformation.of(SessionPart.class), new GatherSessions())
        .keyBy(part -> part.card)
        .process(new MergeSessionsFunction());
  }

  private static DataStream<Long> alerts(FlinkSetting setting) {
    return setting
        .charges()
        .transform("gather", TypeInformation.of(ChargeBatch.class), new GatherBatches())
        .keyBy(batch -> batch.card)
        .process(new WatchBatchFunction());
  }

  private static void tally(DataStream<Long> checksums) {
    checksums.addSink(new TallySink()).name("tally");
  }
}
