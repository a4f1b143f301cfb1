package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.BooleanCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Lets the first element of each id pass and drops the others, counted as duplicates.
 *
 * <p>In and out: {@code PCollection<Ingested<T>>}, out in the global window with unchanged
 * timestamps. An id is remembered until the watermark has passed the event time of its first
 * element by the horizon: a duplicate with the same event time that comes later than that is behind
 * the watermark by more than the horizon. So with a horizon of at least the window's length plus
 * the allowed lateness, no window of a {@link WindowedAggregation} behind it ever counts an id
 * twice: what is forgotten here is late there. Beam's own {@code Deduplicate} does not count what
 * it drops.
 *
 * <p>Guarantee: exactly once in the state of a runner that checkpoints. Cost: one shuffle; a flag
 * and a timer per id in state for as long as it is remembered.
 *
 * @param <T> type of the values
 */
public final class Deduplication<T>
    extends PTransform<PCollection<Ingested<T>>, PCollection<Ingested<T>>> {

  private static final long serialVersionUID = 1L;

  private static final String DEFAULT_STAGE = "deduplicate";

  private final SerializableFunction<T, String> id;
  private final Duration horizon;
  private final String stage;

  private Deduplication(SerializableFunction<T, String> id, Duration horizon, String stage) {
    this.id = requireNonNull(id, "id");
    this.horizon = requireNonNull(horizon, "horizon");
    this.stage = requireNonNull(stage, "stage");
    if (horizon.isNegative() || horizon.isZero()) {
      throw new IllegalArgumentException("the horizon must be positive, not " + horizon);
    }
  }

  /**
   * Drops elements whose id was seen already.
   *
   * @param id takes the id from a value; must not throw
   * @param horizon how far the watermark may be past an element while its duplicates are found
   */
  public static <T> Deduplication<T> by(SerializableFunction<T, String> id, Duration horizon) {
    return new Deduplication<>(id, horizon, DEFAULT_STAGE);
  }

  /** Names the stage in the accounting. Needed for a second one. Default: deduplicate. */
  public Deduplication<T> named(String stageName) {
    return new Deduplication<>(id, horizon, stageName);
  }

  @Override
  public PCollection<Ingested<T>> expand(PCollection<Ingested<T>> elements) {
    Coder<Ingested<T>> coder = elements.getCoder();
    return elements
        // A stateful step drops late elements of any but the global window.
        .apply("Global", Window.into(new GlobalWindows()))
        .apply("KeyById", ParDo.of(new KeyByIdFn<>(id)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), coder))
        .apply("DropSeen", ParDo.of(new DropSeenFn<T>(horizon, stage)))
        .setCoder(coder);
  }

  private static final class KeyByIdFn<T> extends DoFn<Ingested<T>, KV<String, Ingested<T>>> {

    private static final long serialVersionUID = 1L;

    private final SerializableFunction<T, String> id;

    KeyByIdFn(SerializableFunction<T, String> id) {
      this.id = id;
    }

    @ProcessElement
    public void process(
        @Element Ingested<T> element, OutputReceiver<KV<String, Ingested<T>>> output) {
      output.output(KV.of(id.apply(element.value()), element));
    }
  }

  private static final class DropSeenFn<T> extends DoFn<KV<String, Ingested<T>>, Ingested<T>> {

    private static final long serialVersionUID = 1L;
    private static final String SEEN = "seen";
    private static final String FORGET = "forget";

    private final long horizonMillis;
    private final StageCounters counters;

    @StateId(SEEN)
    private final StateSpec<ValueState<Boolean>> seenSpec = StateSpecs.value(BooleanCoder.of());

    @TimerId(FORGET)
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    DropSeenFn(Duration horizon, String stage) {
      this.horizonMillis = horizon.toMillis();
      this.counters = StageCounters.of(stage);
    }

    @ProcessElement
    public void process(
        @Element KV<String, Ingested<T>> element,
        @Timestamp Instant timestamp,
        @StateId(SEEN) ValueState<Boolean> seen,
        @TimerId(FORGET) Timer forget,
        OutputReceiver<Ingested<T>> output) {
      counters.in();
      if (seen.read() != null) {
        counters.duplicate();
        return;
      }
      seen.write(true);
      // Without an output timestamp: remembering must not hold the watermark back.
      forget
          .withNoOutputTimestamp()
          .set(timestamp.plus(org.joda.time.Duration.millis(horizonMillis)));
      counters.out();
      output.output(element.getValue());
    }

    @OnTimer(FORGET)
    public void forget(@StateId(SEEN) ValueState<Boolean> seen) {
      seen.clear();
    }
  }
}
