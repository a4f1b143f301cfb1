package org.beamtemplates.transforms.bucket;

import java.io.Serializable;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.beamtemplates.transforms.observe.StageTally;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * What a step does that holds the elements of a bundle and sends them on together, whether they
 * come one by one or in batches.
 *
 * <p>Holding elements back is safe because a runner lets no watermark pass a step in the middle of
 * a bundle. What is sent can be older than the element that filled the step: any timestamp skew is
 * allowed.
 *
 * @param <T> type of the elements' values
 * @param <OutT> type of what is sent
 */
public abstract class BundleStep<T, OutT> implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Counts for the stage; told to its counters for each element or batch that comes. */
  protected final StageTally tally;

  /** Counts for a stage: see {@link org.beamtemplates.transforms.observe.StageCounters}. */
  protected BundleStep(String stage) {
    this.tally = StageTally.of(stage);
  }

  /** Called once before all others. */
  protected abstract void setUp();

  /** Forgets what is held: a bundle begins, and the one before can have failed. */
  protected abstract void clear();

  /**
   * Takes an element, and sends what is held if it is enough.
   *
   * @param outputs the other outputs; give each element its timestamp
   */
  protected abstract void add(
      Ingested<T> element,
      long eventTimeMillis,
      OutputReceiver<OutT> output,
      MultiOutputReceiver outputs)
      throws Exception;

  /** Sends all that is held: the bundle ends. */
  protected abstract void drain(BiConsumer<OutT, Instant> output) throws Exception;

  final DoFn<Ingested<T>, OutT> forEach() {
    return new EachFn<>(this);
  }

  final DoFn<IngestedBatch<T>, OutT> forBatches() {
    return new BatchFn<>(this);
  }

  private abstract static class StepFn<InT, T, OutT> extends DoFn<InT, OutT> {

    private static final long serialVersionUID = 1L;

    final BundleStep<T, OutT> step;

    StepFn(BundleStep<T, OutT> step) {
      this.step = step;
    }

    @Setup
    public void setUp() {
      step.setUp();
    }

    @StartBundle
    public void startBundle() {
      step.clear();
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws Exception {
      step.drain((held, timestamp) -> context.output(held, timestamp, GlobalWindow.INSTANCE));
    }

    @Override
    @SuppressWarnings("deprecation") // Beam has nothing in its place
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }
  }

  private static final class EachFn<T, OutT> extends StepFn<Ingested<T>, T, OutT> {

    private static final long serialVersionUID = 1L;

    EachFn(BundleStep<T, OutT> step) {
      super(step);
    }

    @ProcessElement
    public void process(
        @Element Ingested<T> element,
        @Timestamp Instant timestamp,
        OutputReceiver<OutT> output,
        MultiOutputReceiver outputs)
        throws Exception {
      step.add(element, timestamp.getMillis(), output, outputs);
      step.tally.publish();
    }
  }

  private static final class BatchFn<T, OutT> extends StepFn<IngestedBatch<T>, T, OutT> {

    private static final long serialVersionUID = 1L;

    BatchFn(BundleStep<T, OutT> step) {
      super(step);
    }

    @ProcessElement
    public void process(
        @Element IngestedBatch<T> batch, OutputReceiver<OutT> output, MultiOutputReceiver outputs)
        throws Exception {
      for (int i = 0; i < batch.size(); i++) {
        step.add(batch.element(i), batch.millis(i), output, outputs);
      }
      step.tally.publish();
    }
  }
}
