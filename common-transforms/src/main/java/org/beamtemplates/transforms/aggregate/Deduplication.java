package org.beamtemplates.transforms.aggregate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.Pipeline;
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
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.bucket.KeyCounters;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.RunnerDependent;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.joda.time.Instant;

/**
 * Lets the first element of each id pass and drops the others, counted as duplicates.
 *
 * <p>In and out: {@code PCollection<Ingested<T>>}, out in the global window with unchanged
 * timestamps; batches: {@link #ofBatches}. An id is remembered until the watermark has passed the
 * event time of its first element by the horizon: a duplicate with the same event time that comes
 * later than that is behind the watermark by more than the horizon. So with a horizon of at least
 * the window's length plus the allowed lateness, no window of a {@link WindowedAggregation} behind
 * it ever counts an id twice: what is forgotten here is late there. Beam's own {@code Deduplicate}
 * does not count what it drops.
 *
 * <p>How ids are kept is chosen for the runner, with the same results: see {@link StateStrategy}.
 *
 * <p>Guarantee: exactly once in the state of a runner that checkpoints. Cost: one shuffle; the id
 * and 8 bytes (kept plainly: a flag and a timer) in state for as long as it is remembered, and for
 * a quarter of the horizon more. How many ids are held: metrics {@code state/<stage>.remembered}
 * less {@code state/<stage>.forgotten}.
 *
 * @param <T> type of the values
 */
public final class Deduplication<T>
    extends PTransform<PCollection<Ingested<T>>, PCollection<Ingested<T>>>
    implements RunnerDependent {

  private static final long serialVersionUID = 1L;

  private static final String DEFAULT_STAGE = "deduplicate";

  private final SerializableFunction<T, String> id;
  private final Duration horizon;
  private final StateStrategy strategy;
  private final int buckets;
  private final String stage;

  private Deduplication(
      SerializableFunction<T, String> id,
      Duration horizon,
      StateStrategy strategy,
      int buckets,
      String stage) {
    this.id = requireNonNull(id, "id");
    this.horizon = Sweeps.requireLifetime("the horizon", requireNonNull(horizon, "horizon"));
    this.strategy = requireNonNull(strategy, "strategy");
    this.buckets = buckets;
    this.stage = requireNonNull(stage, "stage");
  }

  /**
   * Drops elements whose id was seen already.
   *
   * @param id takes the id from a value; must not throw
   * @param horizon how far the watermark may be past an element while its duplicates are found
   */
  public static <T> Deduplication<T> by(SerializableFunction<T, String> id, Duration horizon) {
    return new Deduplication<>(
        id, horizon, StateStrategy.AUTOMATIC, Buckets.DEFAULT_COUNT, DEFAULT_STAGE);
  }

  /** How to keep the ids. Default: {@link StateStrategy#AUTOMATIC}. */
  public Deduplication<T> with(StateStrategy other) {
    return new Deduplication<>(id, horizon, other, buckets, stage);
  }

  /**
   * How many buckets ids are divided among, four times the parallelism at least. A job cannot go on
   * from a checkpoint with another number. Default: {@value Buckets#DEFAULT_COUNT}. Does nothing if
   * the strategy has no buckets.
   */
  public Deduplication<T> withBuckets(int count) {
    return new Deduplication<>(id, horizon, strategy, count, stage);
  }

  /** Names the stage in the accounting. Needed for a second one. Default: deduplicate. */
  public Deduplication<T> named(String stageName) {
    return new Deduplication<>(id, horizon, strategy, buckets, stageName);
  }

  @Override
  public String executionOn(RunnerCapabilities runner) {
    return strategy.describeOn(runner, StringUtf8Coder.of(), buckets);
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.computes("duplicates are found for " + Durations.format(horizon) + " of event time");
    to.computes(executionOn(runner));
    to.computes(
        "state: each id for that time: it grows with events a second times "
            + Durations.format(horizon));
  }

  /** Returns the same for elements that come in batches, and gives batches. */
  public PTransform<PCollection<IngestedBatch<T>>, PCollection<IngestedBatch<T>>> ofBatches() {
    return new OfBatches<>(this);
  }

  @Override
  public PCollection<Ingested<T>> expand(PCollection<Ingested<T>> elements) {
    return isBucketed(elements.getPipeline())
        ? bucketed(BundleInput.of(elements)).apply("Each", IngestedBatch.each())
        : plain(elements);
  }

  private PCollection<IngestedBatch<T>> expandBatches(PCollection<IngestedBatch<T>> batches) {
    return isBucketed(batches.getPipeline())
        ? bucketed(BundleInput.ofBatches(batches))
        : plain(BundleInput.ofBatches(batches).each()).apply("Gather", IngestedBatch.gathered());
  }

  private boolean isBucketed(Pipeline pipeline) {
    RunnerCapabilities runner = RunnerCapabilities.of(pipeline.getOptions());
    return strategy.on(runner, StringUtf8Coder.of()) == StateStrategy.BUCKETED;
  }

  private PCollection<Ingested<T>> plain(PCollection<Ingested<T>> elements) {
    Coder<Ingested<T>> coder = elements.getCoder();
    // A stateful step drops late elements of any but the global window.
    return BundleInput.global(elements)
        .apply("KeyById", ParDo.of(new KeyByIdFn<>(id)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), coder))
        .apply("DropSeen", ParDo.of(new DropSeenFn<T>(horizon, stage)))
        .setCoder(coder);
  }

  private PCollection<IngestedBatch<T>> bucketed(BundleInput<T> elements) {
    Coder<T> valueCoder = Ingested.valueCoder(elements.coder());
    Buckets<String> divided = Buckets.of(StringUtf8Coder.of(), buckets);
    divided.checkEnoughFor(RunnerCapabilities.of(elements.pipeline().getOptions()).parallelism());
    TupleTag<KV<Integer, byte[]>> firsts = Results.tag("firsts");
    return elements
        .apply(
            "GatherFirst",
            new GatherFirstStep<>(id, divided, valueCoder, stage),
            firsts,
            TupleTagList.empty())
        .get(firsts)
        .setCoder(BucketedEvents.coder())
        .apply("DropSeen", ParDo.of(new DropSeenInBucketFn<>(id, valueCoder, horizon, stage)))
        .setCoder(IngestedBatch.coder(valueCoder));
  }

  private static final class OfBatches<T>
      extends PTransform<PCollection<IngestedBatch<T>>, PCollection<IngestedBatch<T>>>
      implements RunnerDependent {

    private static final long serialVersionUID = 1L;

    private final Deduplication<T> deduplication;

    OfBatches(Deduplication<T> deduplication) {
      this.deduplication = deduplication;
    }

    @Override
    public PCollection<IngestedBatch<T>> expand(PCollection<IngestedBatch<T>> batches) {
      return deduplication.expandBatches(batches);
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return deduplication.executionOn(runner);
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      deduplication.explain(runner, to);
    }
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
    private final KeyCounters ids;

    @StateId(SEEN)
    private final StateSpec<ValueState<Boolean>> seenSpec = StateSpecs.value(BooleanCoder.of());

    @TimerId(FORGET)
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    DropSeenFn(Duration horizon, String stage) {
      this.horizonMillis = horizon.toMillis();
      this.counters = StageCounters.of(stage);
      this.ids = KeyCounters.of(stage);
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
      ids.remembered(1);
      // Without an output timestamp: remembering must not hold the watermark back.
      forget
          .withNoOutputTimestamp()
          .set(Instant.ofEpochMilli(Sweeps.after(timestamp.getMillis(), horizonMillis)));
      counters.out();
      output.output(element.getValue());
    }

    @OnTimer(FORGET)
    public void forget(@StateId(SEEN) ValueState<Boolean> seen) {
      seen.clear();
      ids.forgotten(1);
    }
  }
}
