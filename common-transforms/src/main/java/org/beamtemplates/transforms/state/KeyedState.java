package org.beamtemplates.transforms.state;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleInput;
import org.beamtemplates.transforms.bucket.BundleTransform;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.bucket.Sweeps;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Keeps a state for each key, which a {@link StateFunction} moves on with each event, and which
 * expires in event time.
 *
 * <p>In: {@code PCollection<Ingested<T>>}. Out: {@link KeyedOutputs}, with {@code
 * PCollection<Ingested<O>>} and the late {@code PCollection<Ingested<T>>}. Events in batches:
 * {@link #applyingToBatches}.
 *
 * <pre>{@code
 * KeyedOutputs<Payment, String> alerts =
 *     payments.apply(
 *         "FindBursts",
 *         KeyedState.by(Payment::card, StringUtf8Coder.of())
 *             .expiringAfter(Duration.ofHours(24))
 *             .applying(
 *                 (Integer count, Payment payment, long eventTimeMillis) ->
 *                     count == null
 *                         ? Transition.to(1)
 *                         : Transition.to(count + 1, payment.card() + " again"),
 *                 VarIntCoder.of(),
 *                 StringUtf8Coder.of()));
 * }</pre>
 *
 * <p><b>Expiry</b> is decided from event times: a state whose latest event is more than the time to
 * live before an event does not exist for it. A timer only reclaims memory that no event in time
 * can see any more; when it fires changes no result.
 *
 * <p><b>Lateness</b> is decided once, against the watermark that the event's own reader had just
 * before it ({@link Ingested#watermarkMillis()}): an event is late if its time plus the allowed
 * lateness is before that. Late events are an output and do not touch the state. Events of a reader
 * without a watermark are never late; a source of that kind whose elements come behind the
 * watermark of this step by more than the allowed lateness can find state reclaimed.
 *
 * <p><b>Accounting:</b> in = out + late + dead, of events: out are those that the function was
 * applied to, whatever it put out. How many keys are held: metrics {@code state/<stage>.remembered}
 * less {@code state/<stage>.forgotten}.
 *
 * <p><b>How</b> state is kept is chosen for the runner, with the same results: see {@link
 * StateStrategy}.
 *
 * <p><b>Guarantee:</b> exactly once in the state of a runner that checkpoints. <b>Cost:</b> one
 * shuffle; the state, the key and 8 bytes for each key, for the time to live, the allowed lateness
 * and a quarter of the time to live more.
 *
 * @param <K> type of the key
 * @param <T> type of the events
 */
public final class KeyedState<K, T> {

  private final KeyedStateSpec<K, T> spec;

  private KeyedState(KeyedStateSpec<K, T> spec) {
    this.spec = spec;
  }

  /**
   * Keeps a state for each key.
   *
   * @param key takes the key from an event; must not throw
   * @param keyCoder deterministic coder of the keys
   */
  public static <K, T> KeyedState<K, T> by(SerializableFunction<T, K> key, Coder<K> keyCoder) {
    return new KeyedState<>(KeyedStateSpec.by(key, keyCoder));
  }

  /** How long after its latest event a state lives, in event time. There is no default. */
  public KeyedState<K, T> expiringAfter(Duration timeToLive) {
    return new KeyedState<>(
        spec.expiringAfter(Sweeps.requireLifetime("the time to live", timeToLive)));
  }

  /**
   * How far an event may be behind the watermark of its reader, in event time. State is kept longer
   * by as much. Default: the time to live.
   */
  public KeyedState<K, T> withAllowedLateness(Duration lateness) {
    if (!lateness.isZero()) {
      Sweeps.requireLifetime("allowed lateness", lateness);
    }
    return new KeyedState<>(spec.withAllowedLateness(lateness));
  }

  /**
   * Makes dead letters of the events that the function fails for, which leave the state as it is.
   * Default: the exception fails the bundle, and the runner tries again or restarts.
   *
   * @param encoder writes the payload of the dead letters
   */
  public KeyedState<K, T> withDeadLetters(DeadLetters deadLetters, Encoder<T> encoder) {
    return new KeyedState<>(
        spec.withDeadLetters(
            requireNonNull(deadLetters, "deadLetters"), requireNonNull(encoder, "encoder")));
  }

  /** How to keep the state. Default: {@link StateStrategy#AUTOMATIC}. */
  public KeyedState<K, T> with(StateStrategy strategy) {
    return new KeyedState<>(spec.with(strategy));
  }

  /**
   * How many buckets keys are divided among, four times the parallelism at least. A job cannot go
   * on from a checkpoint with another number. Default: {@value Buckets#DEFAULT_COUNT}. Does nothing
   * if the strategy has no buckets.
   */
  public KeyedState<K, T> withBuckets(int count) {
    return new KeyedState<>(spec.withBuckets(count));
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second one in a
   * pipeline. Default: state.
   */
  public KeyedState<K, T> named(String stageName) {
    return new KeyedState<>(spec.named(stageName));
  }

  /**
   * Completes the transform with the function.
   *
   * @param stateCoder coder of the state
   * @param outputCoder coder of the outputs
   */
  public <S, O> PTransform<PCollection<Ingested<T>>, KeyedOutputs<T, O>> applying(
      StateFunction<T, S, O> function, Coder<S> stateCoder, Coder<O> outputCoder) {
    return apply(function, stateCoder, outputCoder).ofEach();
  }

  /** As {@link #applying}, of the events that come in batches. */
  public <S, O> PTransform<PCollection<IngestedBatch<T>>, KeyedOutputs<T, O>> applyingToBatches(
      StateFunction<T, S, O> function, Coder<S> stateCoder, Coder<O> outputCoder) {
    return apply(function, stateCoder, outputCoder).ofBatches();
  }

  private <S, O> Apply<K, T, S, O> apply(
      StateFunction<T, S, O> function, Coder<S> stateCoder, Coder<O> outputCoder) {
    return new Apply<>(
        spec,
        spec.lifetime(),
        requireNonNull(function, "function"),
        requireNonNull(stateCoder, "stateCoder"),
        requireNonNull(outputCoder, "outputCoder"));
  }

  private static final class Apply<K, T, S, O> extends BundleTransform<T, KeyedOutputs<T, O>> {

    private static final long serialVersionUID = 1L;

    // Only used while the pipeline is built; the steps have what they need.
    private final transient KeyedStateSpec<K, T> spec;
    private final Lifetime lifetime;
    private final StateFunction<T, S, O> function;
    private final Coder<S> stateCoder;
    private final Coder<O> outputCoder;
    private final TupleTag<Ingested<O>> outputs = tag("outputs");
    private final TupleTag<Ingested<T>> late = tag("late");
    private final TupleTag<DeadLetter> dead = tag("dead");

    Apply(
        KeyedStateSpec<K, T> spec,
        Lifetime lifetime,
        StateFunction<T, S, O> function,
        Coder<S> stateCoder,
        Coder<O> outputCoder) {
      this.spec = spec;
      this.lifetime = lifetime;
      this.function = function;
      this.stateCoder = stateCoder;
      this.outputCoder = outputCoder;
    }

    /** Returns a tag that takes nothing along: one made in an instance would. */
    private static <E> TupleTag<E> tag(String id) {
      return new TupleTag<>(id) {};
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return spec.strategy().describeOn(runner, spec.keyCoder(), spec.buckets());
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      to.computes(
          "a state for each key; events up to "
              + Durations.format(Duration.ofMillis(lifetime.latenessMillis()))
              + " late are applied to it, later ones are an output of their own");
      to.computes(executionOn(runner));
      to.computes(
          "state: of each key, until the watermark is "
              + Durations.format(
                  Duration.ofMillis(lifetime.timeToLiveMillis() + lifetime.latenessMillis()))
              + " past its latest event: it grows with the keys of that time");
    }

    @Override
    protected KeyedOutputs<T, O> expand(BundleInput<T> events) {
      RunnerCapabilities runner = RunnerCapabilities.of(events.pipeline().getOptions());
      return switch (spec.strategy().on(runner, spec.keyCoder())) {
        case BUCKETED -> bucketed(events, runner);
        // A stateful step drops late elements of any but the global window.
        default -> plain(BundleInput.global(events.each()));
      };
    }

    private KeyedOutputs<T, O> plain(PCollection<Ingested<T>> events) {
      Buckets.requireDeterministic(spec.keyCoder());
      TupleTag<KV<K, Ingested<T>>> keyed = tag("keyed");
      PCollectionTuple split =
          events.apply(
              "Key",
              ParDo.of(new KeyFn<>(spec.key(), lifetime, late, spec.stage()))
                  .withOutputTags(keyed, TupleTagList.of(late)));
      PCollectionTuple applied =
          split
              .get(keyed)
              .setCoder(KvCoder.of(spec.keyCoder(), events.getCoder()))
              .apply(
                  "Apply",
                  ParDo.of(new PerKeyFn<K, T, S, O>(step(), stateCoder, spec.stage()))
                      .withOutputTags(outputs, TupleTagList.of(dead)));
      return finish(events.getCoder(), split, applied);
    }

    private KeyedOutputs<T, O> bucketed(BundleInput<T> events, RunnerCapabilities runner) {
      Buckets<K> buckets = Buckets.of(spec.keyCoder(), spec.buckets());
      buckets.checkEnoughFor(runner.parallelism());
      Coder<T> valueCoder = Ingested.valueCoder(events.coder());
      GatherStep<K, T> gather =
          new GatherStep<>(spec.key(), buckets, valueCoder, lifetime, late, spec.stage());
      TupleTag<KV<Integer, byte[]>> batches = tag("batches");
      PCollectionTuple split = events.apply("Gather", gather, batches, TupleTagList.of(late));
      BucketFn<K, T, S, O> bucketFn =
          new BucketFn<>(spec.key(), valueCoder, step(), spec.keyCoder(), stateCoder, spec.stage());
      PCollectionTuple applied =
          split
              .get(batches)
              .setCoder(BucketedEvents.coder())
              .apply("Apply", ParDo.of(bucketFn).withOutputTags(outputs, TupleTagList.of(dead)));
      return finish(events.coder(), split, applied);
    }

    private EventStep<T, S, O> step() {
      return new EventStep<>(function, lifetime, burial(), outputs, spec.stage());
    }

    private @Nullable Burial<T> burial() {
      return spec.deadLetters() == null
          ? null
          : new Burial<>(spec.deadLetters().stage(spec.stage()), spec.encoder(), dead);
    }

    private KeyedOutputs<T, O> finish(
        Coder<Ingested<T>> coder, PCollectionTuple split, PCollectionTuple applied) {
      PCollection<DeadLetter> letters = applied.get(dead).setCoder(DeadLetterCoder.of());
      if (spec.deadLetters() != null) {
        spec.deadLetters().add(spec.stage(), letters);
      }
      return new KeyedOutputs<>(
          applied.get(outputs).setCoder(Ingested.coder(outputCoder)),
          split.get(late).setCoder(coder),
          outputs,
          late,
          spec.stage());
    }
  }
}
