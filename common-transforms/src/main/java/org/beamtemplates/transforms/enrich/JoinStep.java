package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Joins an element with what was found for its key, or does what the policy says if that is
 * nothing. Shared by all kinds of enrichment.
 */
final class JoinStep<T, V, R> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final SerializableBiFunction<T, Optional<V>, R> join;
  private final MissPolicy<V> misses;
  private final StageCounters counters;
  private final @Nullable StageDeadLetters letters;
  private final @Nullable Encoder<T> encoder;
  private final TupleTag<Ingested<R>> enriched = new TupleTag<>("enriched") {};
  private final TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  JoinStep(
      SerializableBiFunction<T, Optional<V>, R> join,
      MissPolicy<V> misses,
      String stage,
      @Nullable DeadLetters deadLetters,
      @Nullable Encoder<T> encoder) {
    if (misses.action() == MissPolicy.Action.DEAD_LETTER && deadLetters == null) {
      throw new IllegalStateException(
          "withDeadLetters(…) is missing: an element of stage '"
              + stage
              + "' whose key is not known would be lost");
    }
    this.join = join;
    this.misses = misses;
    this.counters = StageCounters.of(stage);
    this.letters = deadLetters == null ? null : deadLetters.stage(stage);
    this.encoder = encoder;
    this.deadLetters = deadLetters;
  }

  /** Returns the step with a DoFn that works with this. */
  <InT> ParDo.MultiOutput<InT, Ingested<R>> with(DoFn<InT, Ingested<R>> fn) {
    return ParDo.of(fn).withOutputTags(enriched, TupleTagList.of(dead));
  }

  /** Keeps the dead letters of the step, and returns the enriched elements. */
  PCollection<Ingested<R>> finish(PCollectionTuple outputs, Coder<R> coder) {
    PCollection<DeadLetter> dying = outputs.get(dead).setCoder(DeadLetterCoder.of());
    if (deadLetters != null) {
      deadLetters.add(counters.stage(), dying);
    }
    return outputs.get(enriched).setCoder(Ingested.coder(coder));
  }

  void open() {
    if (encoder != null) {
      encoder.open();
    }
  }

  void process(
      Ingested<T> element,
      Object key,
      @Nullable V found,
      long eventTimeMillis,
      MultiOutputReceiver output) {
    counters.in();
    if (found != null) {
      pass(element, Optional.of(found), eventTimeMillis, output);
      return;
    }
    switch (misses.action()) {
      case PASS_ON, USE_DEFAULT -> pass(element, misses.defaultValue(), eventTimeMillis, output);
      case DROP -> counters.filtered();
      case DEAD_LETTER -> {
        counters.dead();
        output.get(dead).output(letter(element, eventTimeMillis, new MissException(key)));
      }
    }
  }

  /** Gives up an element whose key cannot be told; throws the error again if it cannot be. */
  void withoutKey(
      Ingested<T> element,
      long eventTimeMillis,
      RuntimeException error,
      MultiOutputReceiver output) {
    counters.in();
    giveUp(element, eventTimeMillis, error, output);
  }

  private void pass(
      Ingested<T> element, Optional<V> found, long eventTimeMillis, MultiOutputReceiver output) {
    R joined;
    // Around the function only: what the steps after this one throw is not this element's fault.
    try {
      joined = requireNonNull(join.apply(element.value(), found), "the join returned null");
    } catch (RuntimeException e) {
      giveUp(element, eventTimeMillis, e, output);
      return;
    }
    counters.out();
    output.get(enriched).output(element.with(joined));
  }

  private void giveUp(
      Ingested<T> element,
      long eventTimeMillis,
      RuntimeException error,
      MultiOutputReceiver output) {
    if (letters == null) {
      throw error;
    }
    letters.rethrowInfrastructure(error);
    counters.dead();
    output.get(dead).output(letter(element, eventTimeMillis, error));
  }

  private DeadLetter letter(Ingested<T> element, long eventTimeMillis, Throwable error) {
    return letters.ofEvent(Categories.ENRICH, element, encoder, eventTimeMillis, error);
  }
}
