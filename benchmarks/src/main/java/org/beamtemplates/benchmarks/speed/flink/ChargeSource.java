package org.beamtemplates.benchmarks.speed.flink;

import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.source.RichSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * Reads payments in memory, and hands out something of each. Holds the checkpoint's lock for some
 * hundred records at once: the cheapest source that Flink has.
 *
 * @param <T> what is handed out
 */
// The successor of source functions costs more, in favour of nobody here.
@SuppressWarnings("deprecation")
final class ChargeSource<T> extends RichSourceFunction<T> implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;
  private static final int BATCH = 500;

  private final PaymentData.Keys keys;
  private final long records;
  private final PaymentFunction<T> function;
  private transient ListState<Long> positionState;
  private transient long position;
  private volatile boolean running = true;

  ChargeSource(PaymentData.Keys keys, long records, PaymentFunction<T> function) {
    this.keys = keys;
    this.records = records;
    this.function = function;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    positionState =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("position", Types.LONG));
    for (long restored : positionState.get()) {
      position = restored;
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    positionState.update(List.of(position));
  }

  @Override
  public void run(SourceContext<T> context) {
    function.open();
    PaymentData.Reader reader = PaymentData.of(keys, records).read();
    reader.seek(position);
    long newest = Long.MIN_VALUE;
    while (running && reader.hasNext()) {
      synchronized (context.getCheckpointLock()) {
        for (int i = 0; i < BATCH && reader.hasNext(); i++) {
          T next = function.of(reader.next());
          long time = reader.timeMillis();
          newest = Math.max(newest, time);
          if (next != null) {
            context.collectWithTimestamp(next, time);
          }
        }
        context.emitWatermark(new Watermark(newest - Workload.MAX_DELAY.toMillis() - 1));
        position = reader.position();
      }
    }
  }

  @Override
  public void cancel() {
    running = false;
  }
}
