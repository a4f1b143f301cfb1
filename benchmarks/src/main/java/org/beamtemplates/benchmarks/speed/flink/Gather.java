package org.beamtemplates.benchmarks.speed.flink;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Gathers charges, chained to the source, and sends on what it made of them: 200 ms after the last
 * time, or when there are many, and before a checkpoint's barrier, so that there is nothing to be
 * kept. Watermarks wait until then, so that nothing is behind the one that it came before.
 *
 * @param <T> what is sent
 */
abstract class Gather<T> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<Charge, T> {

  private static final long serialVersionUID = 1L;
  private static final long EVERY_MILLIS = 200;
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
  private static final int CLOCK_MASK = 511;
  private static final int MOST = 500_000;

  private transient @Nullable Watermark waiting;
  private transient boolean timer;
  private transient long sentNanos;
  private transient int gathered;

  Gather() {
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  /** Gathers a charge, an object that is changed afterwards. */
  abstract void add(Charge charge);

  /** Sends all that was gathered with {@link #send(Object)}, and forgets it. */
  abstract void sendAll();

  /** Sends a value, which may be changed afterwards: what is next is the shuffle. */
  final void send(T value) {
    output.collect(new StreamRecord<>(value));
  }

  @Override
  public void open() throws Exception {
    super.open();
    sentNanos = System.nanoTime();
  }

  @Override
  public void processElement(StreamRecord<Charge> element) throws Exception {
    Charge charge = element.getValue();
    if (PaymentData.isEnd(charge.card)) {
      return;
    }
    add(charge);
    gathered++;
    if ((gathered & CLOCK_MASK) == 0
        && (gathered >= MOST || System.nanoTime() - sentNanos > EVERY_NANOS)) {
      flush();
    }
  }

  @Override
  public void processWatermark(Watermark watermark) throws Exception {
    if (gathered == 0) {
      super.processWatermark(watermark);
      return;
    }
    waiting = watermark;
    if (!timer) {
      // Should no charge come any more.
      timer = true;
      long now = getProcessingTimeService().getCurrentProcessingTime();
      ScheduledFuture<?> unused =
          getProcessingTimeService().registerTimer(now + EVERY_MILLIS, time -> onTimer());
    }
  }

  private void onTimer() throws Exception {
    timer = false;
    flush();
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    flush();
  }

  @Override
  public void finish() throws Exception {
    flush();
  }

  private void flush() throws Exception {
    sendAll();
    gathered = 0;
    sentNanos = System.nanoTime();
    Watermark next = waiting;
    if (next != null) {
      waiting = null;
      super.processWatermark(next);
    }
  }
}
