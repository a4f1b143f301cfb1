package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Applies a function to every event; one that it fails for becomes a dead letter of category
 * PROCESS, with its coordinates.
 *
 * <p>In: {@code PCollection<Ingested<T>>}, in any windows. Out: {@code PCollection<Ingested<R>>},
 * in the same windows, with unchanged timestamps, coordinates and watermarks.
 *
 * <pre>{@code
 * PCollection<Ingested<Score>> scores =
 *     payments.apply(
 *         "Score",
 *         Guarded.map(Payment::score, Score.coder())
 *             .named("score")
 *             .withDeadLetters(deadLetters, Encoders.json(Payment.class)));
 * }</pre>
 *
 * <p>Accounting: in = out + dead + filtered, of events; filtered are those that the function gave
 * nothing for. An error that is not the event's fault, as {@link FailureClassifier} has it, fails
 * the bundle. Guarantee under retry: the function may be applied to an event again. Cost: none but
 * the function's.
 *
 * @param <T> type of the values
 * @param <R> type of the results
 */
public final class Guarded<T, R>
    extends PTransform<PCollection<Ingested<T>>, PCollection<Ingested<R>>> {

  private static final long serialVersionUID = 1L;
  private static final String DEFAULT_STAGE = "process";

  private final SerializableFunction<T, ? extends Iterable<R>> function;
  private final Coder<R> coder;
  private final String stage;
  private final @Nullable Encoder<T> encoder;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private Guarded(
      SerializableFunction<T, ? extends Iterable<R>> function,
      Coder<R> coder,
      String stage,
      @Nullable Encoder<T> encoder,
      @Nullable DeadLetters deadLetters) {
    this.function = requireNonNull(function, "function");
    this.coder = requireNonNull(coder, "coder");
    this.stage = requireNonNull(stage, "stage");
    this.encoder = encoder;
    this.deadLetters = deadLetters;
  }

  /**
   * One result for every event.
   *
   * @param function may throw; null is an error
   * @param coder coder of the results
   */
  public static <T, R> Guarded<T, R> map(SerializableFunction<T, R> function, Coder<R> coder) {
    requireNonNull(function, "function");
    return flatMap(value -> List.of(function.apply(value)), coder);
  }

  /**
   * Any number of results for every event.
   *
   * @param function may throw; null is an error
   * @param coder coder of the results
   */
  public static <T, R> Guarded<T, R> flatMap(
      SerializableFunction<T, ? extends Iterable<R>> function, Coder<R> coder) {
    return new Guarded<>(function, coder, DEFAULT_STAGE, null, null);
  }

  /** Where dead letters go, and how their payload is written. Required. */
  public Guarded<T, R> withDeadLetters(DeadLetters handler, Encoder<T> payload) {
    return new Guarded<>(function, coder, stage, payload, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second one in a
   * pipeline. Default: process.
   */
  public Guarded<T, R> named(String stageName) {
    return new Guarded<>(function, coder, stageName, encoder, deadLetters);
  }

  @Override
  public PCollection<Ingested<R>> expand(PCollection<Ingested<T>> elements) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: events would be lost");
    DeadLetterRouter<T> router =
        handler.router(
            stage, Categories.PROCESS, requireNonNull(encoder, "the encoder of the payload"));
    TupleTag<Ingested<R>> results = new TupleTag<>("results");
    PCollectionTuple outputs =
        elements.apply(
            "Apply",
            ParDo.of(new GuardedFn<>(function, router))
                .withOutputTags(results, TupleTagList.of(router.tag())));
    return handler.collect(router, outputs).get(results).setCoder(Ingested.coder(coder));
  }

  private static final class GuardedFn<T, R> extends DoFn<Ingested<T>, Ingested<R>> {

    private static final long serialVersionUID = 1L;

    private final SerializableFunction<T, ? extends Iterable<R>> function;
    private final DeadLetterRouter<T> router;
    private final StageCounters counters;

    GuardedFn(SerializableFunction<T, ? extends Iterable<R>> function, DeadLetterRouter<T> router) {
      this.function = function;
      this.router = router;
      this.counters = StageCounters.of(router.stage());
    }

    @Setup
    public void setup() {
      router.open();
    }

    @ProcessElement
    public void process(
        @Element Ingested<T> element,
        @Timestamp Instant timestamp,
        OutputReceiver<Ingested<R>> results,
        MultiOutputReceiver outputs) {
      counters.in();
      Iterable<R> values;
      try {
        values = requireNonNull(function.apply(element.value()), "the function returned null");
      } catch (RuntimeException | StackOverflowError e) {
        router.route(element, timestamp, e, outputs);
        return;
      }
      boolean any = false;
      for (R value : values) {
        results.output(element.with(value));
        any = true;
      }
      if (any) {
        counters.out();
      } else {
        counters.filtered();
      }
    }
  }
}
