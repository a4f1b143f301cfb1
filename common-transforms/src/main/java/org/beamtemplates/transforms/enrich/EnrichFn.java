package org.beamtemplates.transforms.enrich;

import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Looks every element up in the table. */
final class EnrichFn<T, K, V, R> extends DoFn<Ingested<T>, Ingested<R>> {

  private static final long serialVersionUID = 1L;

  private final PCollectionView<Map<K, V>> view;
  private final SerializableFunction<T, K> key;
  private final SerializableBiFunction<T, Optional<V>, R> join;
  private final MissPolicy<V> misses;
  private final StageCounters counters;
  private final @Nullable StageDeadLetters letters;
  private final @Nullable Encoder<T> encoder;
  private final TupleTag<DeadLetter> dead;

  // What the bundle has seen last: some runners read the table from state at every look.
  private transient @Nullable BoundedWindow window;
  private transient @Nullable Map<K, V> table;

  EnrichFn(
      PCollectionView<Map<K, V>> view,
      SerializableFunction<T, K> key,
      SerializableBiFunction<T, Optional<V>, R> join,
      MissPolicy<V> misses,
      String stage,
      @Nullable StageDeadLetters letters,
      @Nullable Encoder<T> encoder,
      TupleTag<DeadLetter> dead) {
    this.view = view;
    this.key = key;
    this.join = join;
    this.misses = misses;
    this.counters = StageCounters.of(stage);
    this.letters = letters;
    this.encoder = encoder;
    this.dead = dead;
  }

  @Setup
  public void setup() {
    if (encoder != null) {
      encoder.open();
    }
  }

  @StartBundle
  public void startBundle() {
    window = null;
    table = null;
  }

  @ProcessElement
  public void process(ProcessContext context, BoundedWindow elementWindow) {
    counters.in();
    Ingested<T> element = context.element();
    K wanted = key.apply(element.value());
    V found = tableOf(context, elementWindow).get(wanted);
    if (found != null) {
      pass(context, element, Optional.of(found));
      return;
    }
    switch (misses.action()) {
      case PASS_ON, USE_DEFAULT -> pass(context, element, misses.defaultValue());
      case DROP -> counters.filtered();
      case DEAD_LETTER -> {
        counters.dead();
        context.output(dead, letter(element, context.timestamp().getMillis(), wanted));
      }
    }
  }

  private Map<K, V> tableOf(ProcessContext context, BoundedWindow elementWindow) {
    if (table == null || !elementWindow.equals(window)) {
      table = context.sideInput(view);
      window = elementWindow;
    }
    return table;
  }

  private void pass(ProcessContext context, Ingested<T> element, Optional<V> found) {
    counters.out();
    context.output(element.with(join.apply(element.value(), found)));
  }

  private DeadLetter letter(Ingested<T> element, long eventTimeMillis, K wanted) {
    MissException miss = new MissException(wanted);
    byte[] payload = null;
    try {
      payload = encoder.encode(element.value());
    } catch (EncodeException e) {
      miss.addSuppressed(e);
    }
    return letters.ofEvent(
        Categories.ENRICH,
        element.origin(),
        payload,
        encoder.contentType(),
        eventTimeMillis,
        miss);
  }
}
