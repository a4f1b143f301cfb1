package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.state.KeyedOutputs;
import org.beamtemplates.transforms.state.KeyedState;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Joins every event with the latest update of its key: a table that is a stream.
 *
 * <p>In: {@code PCollection<Ingested<T>>} and {@code PCollection<Ingested<U>>}. Out: {@link
 * Enriched}, with {@code PCollection<Ingested<R>>} and the late ones of both.
 *
 * <pre>{@code
 * Enriched<Sale, Renaming, NamedSale> named =
 *     sales.apply(
 *         "NameShops",
 *         LatestValue.by(Sale::shop, Renaming::shop, StringUtf8Coder.of())
 *             .rememberedFor(Duration.ofDays(30))
 *             .joining(
 *                 renamings,
 *                 (Sale sale, Optional<Renaming> renaming) ->
 *                     new NamedSale(sale, renaming.map(Renaming::name).orElse("unknown")),
 *                 NamedSale.coder()));
 * }</pre>
 *
 * <p><b>Latest</b> is by event time, of several at the same time the one that stands later in its
 * source; an older update that comes later changes nothing. An event meets the latest update that
 * has come when it is processed, also one that is younger than itself: the two streams are not
 * waited for. Which updates those are can differ after a restart.
 *
 * <p>What becomes of an event without an update is said by a {@link MissPolicy}; unless one is
 * given, it is passed on, and the function that joins is given an empty Optional. An update is
 * remembered until a key has had neither event nor update for the time to live, in event time; an
 * event that comes after that forgets it, also for older events that come later still.
 *
 * <p><b>Accounting:</b> the stage counts events, in = out + dead + filtered; the stage {@code
 * <name>-state} counts events and updates, in = out + late. Late, by more than the time to live
 * behind the watermark of its own reader, leaves as an output.
 *
 * <p><b>Guarantee:</b> exactly once in the state of a runner that checkpoints. <b>Cost:</b> one
 * shuffle; an update, its coordinates and the key in state for each key. <b>How</b> state is kept
 * is chosen for the runner: see {@link StateStrategy}.
 *
 * @param <K> type of the keys
 * @param <T> type of the events
 * @param <U> type of the updates
 */
public final class LatestValue<K, T, U> {

  private static final String DEFAULT_STAGE = "latest-value";

  private final SerializableFunction<T, K> eventKey;
  private final SerializableFunction<U, K> updateKey;
  private final Coder<K> keyCoder;
  private final @Nullable Duration timeToLive;
  private final MissPolicy<U> misses;
  private final @Nullable DeadLetters deadLetters;
  private final @Nullable Encoder<T> encoder;
  private final StateStrategy strategy;
  private final int buckets;
  private final String stage;

  private LatestValue(
      SerializableFunction<T, K> eventKey,
      SerializableFunction<U, K> updateKey,
      Coder<K> keyCoder,
      @Nullable Duration timeToLive,
      MissPolicy<U> misses,
      @Nullable DeadLetters deadLetters,
      @Nullable Encoder<T> encoder,
      StateStrategy strategy,
      int buckets,
      String stage) {
    this.eventKey = requireNonNull(eventKey, "eventKey");
    this.updateKey = requireNonNull(updateKey, "updateKey");
    this.keyCoder = requireNonNull(keyCoder, "keyCoder");
    this.timeToLive = timeToLive;
    this.misses = requireNonNull(misses, "misses");
    this.deadLetters = deadLetters;
    this.encoder = encoder;
    this.strategy = requireNonNull(strategy, "strategy");
    this.buckets = buckets;
    this.stage = requireNonNull(stage, "stage");
  }

  /**
   * Joins events and updates of the same key.
   *
   * @param eventKey takes the key from an event; must not throw
   * @param updateKey takes the key from an update; must not throw
   * @param keyCoder deterministic coder of the keys
   */
  public static <K, T, U> LatestValue<K, T, U> by(
      SerializableFunction<T, K> eventKey,
      SerializableFunction<U, K> updateKey,
      Coder<K> keyCoder) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        null,
        MissPolicy.passOn(),
        null,
        null,
        StateStrategy.AUTOMATIC,
        Buckets.DEFAULT_COUNT,
        DEFAULT_STAGE);
  }

  /**
   * How long an update is remembered after the latest event or update of its key, in event time.
   * There is no default.
   */
  public LatestValue<K, T, U> rememberedFor(Duration time) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        time,
        misses,
        deadLetters,
        encoder,
        strategy,
        buckets,
        stage);
  }

  /** What becomes of events without an update. Default: {@link MissPolicy#passOn()}. */
  public LatestValue<K, T, U> withMisses(MissPolicy<U> policy) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        timeToLive,
        policy,
        deadLetters,
        encoder,
        strategy,
        buckets,
        stage);
  }

  /**
   * Where dead letters go, and how their payload is written. Needed for {@link
   * MissPolicy#deadLetter()}.
   */
  public LatestValue<K, T, U> withDeadLetters(DeadLetters handler, Encoder<T> payload) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        timeToLive,
        misses,
        handler,
        payload,
        strategy,
        buckets,
        stage);
  }

  /** How to keep the state. Default: {@link StateStrategy#AUTOMATIC}. */
  public LatestValue<K, T, U> with(StateStrategy other) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        timeToLive,
        misses,
        deadLetters,
        encoder,
        other,
        buckets,
        stage);
  }

  /** How many buckets keys are divided among: see {@link KeyedState#withBuckets}. */
  public LatestValue<K, T, U> withBuckets(int count) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        timeToLive,
        misses,
        deadLetters,
        encoder,
        strategy,
        count,
        stage);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second one in a
   * pipeline. Default: latest-value.
   */
  public LatestValue<K, T, U> named(String stageName) {
    return new LatestValue<>(
        eventKey,
        updateKey,
        keyCoder,
        timeToLive,
        misses,
        deadLetters,
        encoder,
        strategy,
        buckets,
        stageName);
  }

  /**
   * Completes the transform with the updates.
   *
   * @param updates the updates
   * @param join makes the enriched event of an event and the latest update; must not throw
   * @param coder coder of the enriched events
   */
  public <R> PTransform<PCollection<Ingested<T>>, Enriched<T, U, R>> joining(
      PCollection<Ingested<U>> updates,
      SerializableBiFunction<T, Optional<U>, R> join,
      Coder<R> coder) {
    if (timeToLive == null) {
      throw new IllegalStateException(
          "how long an update is remembered is missing: rememberedFor(…)");
    }
    return new Join<>(
        this,
        requireNonNull(updates, "updates"),
        new JoinStep<>(requireNonNull(join, "join"), misses, stage, deadLetters, encoder),
        requireNonNull(coder, "coder"));
  }

  private static final class Join<K, T, U, R>
      extends PTransform<PCollection<Ingested<T>>, Enriched<T, U, R>> {

    private static final long serialVersionUID = 1L;

    // Only used while the pipeline is built; the steps have what they need.
    private final transient LatestValue<K, T, U> spec;
    private final transient PCollection<Ingested<U>> updates;
    private final TupleTag<Ingested<U>> updatesTag = new TupleTag<>("updates") {};
    private final JoinStep<T, U, R> step;
    private final Coder<R> coder;

    Join(
        LatestValue<K, T, U> spec,
        PCollection<Ingested<U>> updates,
        JoinStep<T, U, R> step,
        Coder<R> coder) {
      this.spec = spec;
      this.updates = updates;
      this.step = step;
      this.coder = coder;
    }

    @Override
    public Map<TupleTag<?>, PValue> getAdditionalInputs() {
      return Map.of(updatesTag, updates);
    }

    @Override
    public Enriched<T, U, R> expand(PCollection<Ingested<T>> events) {
      Coder<T> eventCoder = Ingested.valueCoder(events.getCoder());
      Coder<U> updateCoder = Ingested.valueCoder(updates.getCoder());
      Coder<Ingested<KV<T, Ingested<U>>>> changeCoder =
          Ingested.coder(
              KvCoder.of(NullableCoder.of(eventCoder), NullableCoder.of(updates.getCoder())));

      PCollection<Ingested<KV<T, Ingested<U>>>> changes =
          PCollectionList.of(
                  events
                      .apply("GlobalEvents", Window.into(new GlobalWindows()))
                      .apply("Events", ParDo.of(new EventFn<T, U>()))
                      .setCoder(changeCoder))
              .and(
                  updates
                      .apply("GlobalUpdates", Window.into(new GlobalWindows()))
                      .apply("Updates", ParDo.of(new UpdateFn<T, U>()))
                      .setCoder(changeCoder))
              .apply("Changes", Flatten.pCollections());
      KeyedOutputs<KV<T, Ingested<U>>, KV<T, U>> found =
          changes.apply(
              "Remember",
              KeyedState.by(keyOf(spec.eventKey, spec.updateKey), spec.keyCoder)
                  .expiringAfter(spec.timeToLive)
                  .with(spec.strategy)
                  .withBuckets(spec.buckets)
                  .named(spec.stage + "-state")
                  .applying(
                      new LatestFn<T, U>(),
                      KvCoder.of(updates.getCoder(), VarLongCoder.of()),
                      KvCoder.of(eventCoder, NullableCoder.of(updateCoder))));
      return new Enriched<>(
          events.getPipeline(),
          step.finish(
              found.outputs().apply("Join", step.with(new JoinFoundFn<>(spec.eventKey, step))),
              coder),
          found
              .late()
              .apply("LateEvents", ParDo.of(new LateEventFn<T, U>()))
              .setCoder(events.getCoder()),
          found
              .late()
              .apply("LateUpdates", ParDo.of(new LateUpdateFn<T, U>()))
              .setCoder(updates.getCoder()));
    }

    private static <K, T, U> SerializableFunction<KV<T, Ingested<U>>, K> keyOf(
        SerializableFunction<T, K> eventKey, SerializableFunction<U, K> updateKey) {
      return change ->
          change.getValue() == null
              ? eventKey.apply(change.getKey())
              : updateKey.apply(change.getValue().value());
    }
  }

  private static final class EventFn<T, U> extends DoFn<Ingested<T>, Ingested<KV<T, Ingested<U>>>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<T> event, OutputReceiver<Ingested<KV<T, Ingested<U>>>> output) {
      output.output(event.with(KV.of(event.value(), null)));
    }
  }

  private static final class UpdateFn<T, U>
      extends DoFn<Ingested<U>, Ingested<KV<T, Ingested<U>>>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<U> update, OutputReceiver<Ingested<KV<T, Ingested<U>>>> output) {
      output.output(update.with(KV.of(null, update)));
    }
  }

  private static final class LateEventFn<T, U>
      extends DoFn<Ingested<KV<T, Ingested<U>>>, Ingested<T>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<KV<T, Ingested<U>>> change, OutputReceiver<Ingested<T>> output) {
      if (change.value().getValue() == null) {
        output.output(change.with(change.value().getKey()));
      }
    }
  }

  private static final class LateUpdateFn<T, U>
      extends DoFn<Ingested<KV<T, Ingested<U>>>, Ingested<U>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<KV<T, Ingested<U>>> change, OutputReceiver<Ingested<U>> output) {
      if (change.value().getValue() != null) {
        output.output(change.value().getValue());
      }
    }
  }

  private static final class JoinFoundFn<K, T, U, R> extends DoFn<Ingested<KV<T, U>>, Ingested<R>> {

    private static final long serialVersionUID = 1L;

    private final SerializableFunction<T, K> key;
    private final JoinStep<T, U, R> step;

    JoinFoundFn(SerializableFunction<T, K> key, JoinStep<T, U, R> step) {
      this.key = key;
      this.step = step;
    }

    @Setup
    public void setup() {
      step.open();
    }

    @ProcessElement
    public void process(ProcessContext context, MultiOutputReceiver output) {
      Ingested<KV<T, U>> found = context.element();
      T event = found.value().getKey();
      step.process(
          found.with(event),
          key.apply(event),
          found.value().getValue(),
          context.timestamp().getMillis(),
          output);
    }
  }
}
