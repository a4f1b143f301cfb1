package org.beamtemplates.transforms.aggregate;

import java.util.concurrent.ThreadLocalRandom;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;

/**
 * Gives elements the watermark that lateness is decided against, where no reader of ours has done
 * it: TestStream, and sources that are not from this library.
 *
 * <p>In: {@code PCollection<T>} in any windows. Out: {@code PCollection<Ingested<T>>} in the global
 * window, without coordinates, each with the input watermark of this step at the moment it passed.
 * That is never behind the watermark of any later step, so that a {@link WindowedAggregation} finds
 * every late element before Beam would drop it.
 *
 * <p>Cost: one shuffle, no state. Runner limits: classic runners only. A portable runner gives a
 * DoFn no look at its watermark, and nothing would be found late.
 *
 * @param <T> type of the elements
 */
public final class StampWatermark<T> extends PTransform<PCollection<T>, PCollection<Ingested<T>>> {

  private static final long serialVersionUID = 1L;
  private static final int SHARDS = 32;

  private StampWatermark() {}

  /** Stamps elements of any type. */
  public static <T> StampWatermark<T> create() {
    return new StampWatermark<>();
  }

  @Override
  public PCollection<Ingested<T>> expand(PCollection<T> elements) {
    Coder<T> coder = elements.getCoder();
    return elements
        // A stateful step drops late elements of any but the global window.
        .apply("Global", Window.into(new GlobalWindows()))
        .apply("Spread", ParDo.of(new SpreadFn<T>()))
        .setCoder(KvCoder.of(VarIntCoder.of(), coder))
        .apply("Stamp", ParDo.of(new StampFn<T>()))
        .setCoder(Ingested.coder(coder));
  }

  private static final class SpreadFn<T> extends DoFn<T, KV<Integer, T>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element T element, OutputReceiver<KV<Integer, T>> output) {
      output.output(KV.of(ThreadLocalRandom.current().nextInt(SHARDS), element));
    }
  }

  private static final class StampFn<T> extends DoFn<KV<Integer, T>, Ingested<T>> {

    private static final long serialVersionUID = 1L;
    private static final String CLOCK = "event-time";

    // Never set: a timer is what Beam lets a DoFn read its watermark from.
    @TimerId(CLOCK)
    @SuppressWarnings("UnusedVariable")
    private final TimerSpec clock = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @ProcessElement
    public void process(
        @Element KV<Integer, T> element,
        @TimerId(CLOCK) Timer timer,
        OutputReceiver<Ingested<T>> output) {
      long watermark = timer.getCurrentRelativeTime().getMillis();
      output.output(new Ingested<>(element.getValue(), Origin.none(), watermark));
    }

    @OnTimer(CLOCK)
    public void never() {}
  }
}
