package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.launch.Explained;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.WindowText;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Joins two streams by key in event-time windows, and gives back what found no partner.
 *
 * <p>In: {@code PCollection<Ingested<L>>} and {@code PCollection<Ingested<R>>}. Out: {@link
 * Joined}, with {@code PCollection<Ingested<P>>}, {@code PCollection<Unjoined<L>>} and {@code
 * PCollection<Unjoined<R>>}.
 *
 * <pre>{@code
 * Joined<Order, Payment, PaidOrder> joined =
 *     orders.apply(
 *         "Pay",
 *         WindowJoin.by(Order::id, Payment::orderId, StringUtf8Coder.of())
 *             .inFixedWindows(Duration.ofMinutes(10))
 *             .withAllowedLateness(Duration.ofMinutes(1))
 *             .with(payments, PaidOrder::new, PaidOrder.coder()));
 * }</pre>
 *
 * <p><b>Pairs.</b> Every left element is paired with every right one of its key and window: once
 * for each window that both are in, as soon as both have come. An element that has found none when
 * its window is closed for good, at its end plus the allowed lateness, leaves as UNMATCHED.
 *
 * <p><b>Lateness</b> is decided once for each element and window, against the watermark that the
 * element's own reader had just before it ({@link Ingested#watermarkMillis()}): it leaves as LATE
 * if the window's end plus the allowed lateness is before that. Beam itself drops nothing ({@code
 * droppedDueToLateness} stays 0). The unit of counting is the (element, window) assignment: in =
 * out + late, where out has entered the join.
 *
 * <p><b>State is bounded:</b> a key has at most {@link #withMaxElements} elements of each side in a
 * window. One more leaves as SURPLUS at once, and is not paired.
 *
 * <p><b>Guarantee:</b> exactly once in the state of a runner that checkpoints. Which of too many
 * elements are the surplus depends on the order in which they come. <b>Cost:</b> one shuffle; every
 * element in state for each of its windows until the window is closed; the elements of the other
 * side are read for each element. <b>Watermark:</b> held at the end of the oldest window that is
 * not closed for good, so that UNMATCHED elements are not late for what follows.
 *
 * <p><b>Limits:</b> no merging windows, as sessions are. Runners need state and {@code
 * OnWindowExpiration}: Direct, Flink and Dataflow have it; Spark has no state in streams.
 *
 * @param <K> type of the key
 * @param <L> type of the left elements' values
 * @param <R> type of the right elements' values
 */
public final class WindowJoin<K, L, R> {

  private static final String DEFAULT_STAGE = "join";
  private static final int DEFAULT_MAX_ELEMENTS = 1_000;

  private final SerializableFunction<L, K> leftKey;
  private final SerializableFunction<R, K> rightKey;
  private final Coder<K> keyCoder;
  private final @Nullable WindowFn<Object, ?> windows;
  private final Duration allowedLateness;
  private final int maxElements;
  private final String stage;

  private WindowJoin(
      SerializableFunction<L, K> leftKey,
      SerializableFunction<R, K> rightKey,
      Coder<K> keyCoder,
      @Nullable WindowFn<Object, ?> windows,
      Duration allowedLateness,
      int maxElements,
      String stage) {
    this.leftKey = requireNonNull(leftKey, "leftKey");
    this.rightKey = requireNonNull(rightKey, "rightKey");
    this.keyCoder = requireNonNull(keyCoder, "keyCoder");
    this.windows = windows;
    this.allowedLateness = allowedLateness;
    this.maxElements = maxElements;
    this.stage = requireNonNull(stage, "stage");
  }

  /**
   * Joins by a key.
   *
   * @param leftKey takes the key from a left value; must not throw
   * @param rightKey takes the key from a right value; must not throw
   * @param keyCoder deterministic coder of the keys
   */
  public static <K, L, R> WindowJoin<K, L, R> by(
      SerializableFunction<L, K> leftKey, SerializableFunction<R, K> rightKey, Coder<K> keyCoder) {
    try {
      keyCoder.verifyDeterministic();
    } catch (NonDeterministicException e) {
      throw new IllegalArgumentException(
          "keys meet by their bytes, so their coder must be deterministic, and "
              + keyCoder
              + " is not",
          e);
    }
    return new WindowJoin<>(
        leftKey, rightKey, keyCoder, null, Duration.ZERO, DEFAULT_MAX_ELEMENTS, DEFAULT_STAGE);
  }

  /** Windows of a fixed length, one after the other, aligned to the epoch. */
  public WindowJoin<K, L, R> inFixedWindows(Duration size) {
    return in(FixedWindows.of(joda("window size", size)));
  }

  /** Windows of a length that begin every {@code period}; an element is in several of them. */
  public WindowJoin<K, L, R> inSlidingWindows(Duration size, Duration period) {
    return in(SlidingWindows.of(joda("window size", size)).every(joda("window period", period)));
  }

  /** Windows of any kind that does not merge, such as {@code CalendarWindows.days(1)}. */
  public WindowJoin<K, L, R> in(WindowFn<Object, ?> windowFn) {
    if (!windowFn.isNonMerging()) {
      throw new IllegalArgumentException(
          "windows that merge cannot be joined in: "
              + windowFn
              + "; choose fixed, sliding or calendar windows");
    }
    return new WindowJoin<>(
        leftKey, rightKey, keyCoder, windowFn, allowedLateness, maxElements, stage);
  }

  /**
   * How long after its end a window still takes elements, in event time. Default: 0. State is kept,
   * and the watermark held, for as long.
   */
  public WindowJoin<K, L, R> withAllowedLateness(Duration lateness) {
    if (lateness.isNegative()) {
      throw new IllegalArgumentException("allowed lateness must not be negative: " + lateness);
    }
    return new WindowJoin<>(leftKey, rightKey, keyCoder, windows, lateness, maxElements, stage);
  }

  /** How many elements of each side a key may have in a window. Default: 1000. */
  public WindowJoin<K, L, R> withMaxElements(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "a key has 1 element of each side in a window at least, not " + count);
    }
    return new WindowJoin<>(leftKey, rightKey, keyCoder, windows, allowedLateness, count, stage);
  }

  /** Names the stage in the accounting. Needed for a second join in a pipeline. Default: join. */
  public WindowJoin<K, L, R> named(String stageName) {
    return new WindowJoin<>(
        leftKey, rightKey, keyCoder, windows, allowedLateness, maxElements, stageName);
  }

  /**
   * Completes the transform, to be applied to the left stream.
   *
   * @param right the right stream
   * @param pair makes a pair of two values; must not throw
   * @param pairCoder coder of the pairs
   */
  public <P> PTransform<PCollection<Ingested<L>>, Joined<L, R, P>> with(
      PCollection<Ingested<R>> right, SerializableBiFunction<L, R, P> pair, Coder<P> pairCoder) {
    return new Join<>(
        this,
        requireNonNull(right, "right"),
        requireNonNull(pair, "pair"),
        requireNonNull(pairCoder, "pairCoder"));
  }

  private <T> Window<Ingested<T>> window() {
    WindowFn<Object, ?> windowFn =
        requireNonNull(windows, "the kind of windows is missing: inFixedWindows(…) or another");
    return Window.<Ingested<T>>into(windowFn)
        .triggering(DefaultTrigger.of())
        .withAllowedLateness(org.joda.time.Duration.millis(allowedLateness.toMillis()))
        .discardingFiredPanes();
  }

  private static org.joda.time.Duration joda(String what, Duration duration) {
    if (duration.toMillis() <= 0) {
      throw new IllegalArgumentException(what + " must be 1 ms at least, not " + duration);
    }
    return org.joda.time.Duration.millis(duration.toMillis());
  }

  private static final class Join<K, L, R, P>
      extends PTransform<PCollection<Ingested<L>>, Joined<L, R, P>> implements Explained {

    private static final long serialVersionUID = 1L;

    // Only used while the pipeline is built; the steps have what they need.
    private final transient WindowJoin<K, L, R> spec;
    private final transient PCollection<Ingested<R>> right;
    private final SerializableBiFunction<L, R, P> pair;
    private final Coder<P> pairCoder;
    private final TupleTag<Ingested<R>> rightTag = new TupleTag<>("right") {};

    Join(
        WindowJoin<K, L, R> spec,
        PCollection<Ingested<R>> right,
        SerializableBiFunction<L, R, P> pair,
        Coder<P> pairCoder) {
      this.spec = spec;
      this.right = right;
      this.pair = pair;
      this.pairCoder = pairCoder;
    }

    @Override
    public Map<TupleTag<?>, PValue> getAdditionalInputs() {
      return Map.of(rightTag, right);
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      String lateness = Durations.format(spec.allowedLateness);
      to.computes(
          "windows "
              + WindowText.of(requireNonNull(spec.windows))
              + "; events up to "
              + lateness
              + " late are joined, later ones are an output of their own");
      to.computes(
          "state: every event of both sides in each of its windows, at most "
              + spec.maxElements
              + " of a key, side and window, until the watermark is "
              + lateness
              + " past the window's end; the watermark is held as long");
    }

    @Override
    public Joined<L, R, P> expand(PCollection<Ingested<L>> left) {
      TupleTag<Unjoined<L>> lateLeft = new TupleTag<>("late-left") {};
      TupleTag<Unjoined<R>> lateRight = new TupleTag<>("late-right") {};
      TupleTag<Ingested<P>> pairs = new TupleTag<>("pairs") {};
      TupleTag<Unjoined<L>> unjoinedLeft = new TupleTag<>("unjoined-left") {};
      TupleTag<Unjoined<R>> unjoinedRight = new TupleTag<>("unjoined-right") {};
      Coder<Held<L>> leftCoder = Held.coder(left.getCoder());
      Coder<Held<R>> rightCoder = Held.coder(right.getCoder());
      Coder<KV<K, Side<L, R>>> sideCoder =
          KvCoder.of(spec.keyCoder, Side.coder(leftCoder, rightCoder));

      PCollection<Ingested<L>> windowed = left.apply("WindowLeft", spec.window());
      Coder<BoundedWindow> windowCoder = windowCoder(windowed);
      Coder<Unjoined<L>> unjoinedLeftCoder = Unjoined.coder(left.getCoder(), windowCoder);
      Coder<Unjoined<R>> unjoinedRightCoder = Unjoined.coder(right.getCoder(), windowCoder);

      Admitted<K, L, L, R> lefts =
          admit("Left", windowed, spec.leftKey, Side::left, lateLeft, sideCoder, unjoinedLeftCoder);
      Admitted<K, R, L, R> rights =
          admit(
              "Right",
              right.apply("WindowRight", spec.window()),
              spec.rightKey,
              Side::right,
              lateRight,
              sideCoder,
              unjoinedRightCoder);
      PCollectionTuple joined =
          PCollectionList.of(lefts.inTime())
              .and(rights.inTime())
              .apply("Both", Flatten.pCollections())
              .apply(
                  "Join",
                  ParDo.of(
                          new JoinFn<K, L, R, P>(
                              pair,
                              spec.maxElements,
                              leftCoder,
                              rightCoder,
                              pairs,
                              unjoinedLeft,
                              unjoinedRight))
                      .withOutputTags(pairs, TupleTagList.of(unjoinedLeft).and(unjoinedRight)));
      return new Joined<>(
          left.getPipeline(),
          joined.get(pairs).setCoder(Ingested.coder(pairCoder)),
          PCollectionList.of(lefts.late())
              .and(joined.get(unjoinedLeft).setCoder(unjoinedLeftCoder))
              .apply("UnjoinedLeft", Flatten.pCollections()),
          PCollectionList.of(rights.late())
              .and(joined.get(unjoinedRight).setCoder(unjoinedRightCoder))
              .apply("UnjoinedRight", Flatten.pCollections()));
    }

    private record Admitted<K, T, L, R>(
        PCollection<KV<K, Side<L, R>>> inTime, PCollection<Unjoined<T>> late) {}

    private <T> Admitted<K, T, L, R> admit(
        String side,
        PCollection<Ingested<T>> windowed,
        SerializableFunction<T, K> key,
        SerializableFunction<Held<T>, Side<L, R>> toSide,
        TupleTag<Unjoined<T>> late,
        Coder<KV<K, Side<L, R>>> sideCoder,
        Coder<Unjoined<T>> unjoinedCoder) {
      TupleTag<KV<K, Side<L, R>>> inTime = new TupleTag<>("in-time") {};
      PCollectionTuple split =
          windowed.apply(
              "Admit" + side,
              ParDo.of(new AdmitFn<>(key, toSide, spec.allowedLateness, spec.stage, late))
                  .withOutputTags(inTime, TupleTagList.of(late)));
      return new Admitted<>(
          split.get(inTime).setCoder(sideCoder), split.get(late).setCoder(unjoinedCoder));
    }

    @SuppressWarnings("unchecked") // every window of the function has this coder
    private static Coder<BoundedWindow> windowCoder(PCollection<?> windowed) {
      return (Coder<BoundedWindow>) windowed.getWindowingStrategy().getWindowFn().windowCoder();
    }
  }
}
