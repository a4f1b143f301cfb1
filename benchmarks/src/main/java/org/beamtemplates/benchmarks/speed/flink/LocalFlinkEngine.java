package org.beamtemplates.benchmarks.speed.flink;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.beamtemplates.benchmarks.speed.Engine;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * The library's tricks, written by hand for Flink: an operator of one's own that adds up before the
 * shuffle, and state by bucket. On the heap, as RocksDB would have to read a bucket's map whole.
 */
public final class LocalFlinkEngine implements Engine {

  /** As many as the library has by default. */
  private static final int BUCKETS = 128;

  @Override
  public boolean does(Job job) {
    boolean windows =
        switch (job.workload()) {
          case W1, W2, W5 -> true;
          case W3, W4, W6 -> false;
        };
    return windows && job.state() == Job.State.HEAP;
  }

  @Override
  public void run(Job job) throws Exception {
    long slice = Workload.MINUTE.toMillis();
    long window = job.workload() == Workload.W5 ? Workload.SLIDING_SIZE.toMillis() : slice;
    FlinkSetting setting = new FlinkSetting(job);
    setting
        .charges()
        .transform("add up", TypeInformation.of(Partials.class), new PreAggregate(slice, BUCKETS))
        .keyBy(partials -> partials.bucket)
        .process(new MergeFunction(slice, window))
        .addSink(new TallySink())
        .name("tally");
    setting.execute();
  }
}
