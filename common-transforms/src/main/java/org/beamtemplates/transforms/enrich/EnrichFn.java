package org.beamtemplates.transforms.enrich;

import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollectionView;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Looks every element up in the table. */
final class EnrichFn<T, K, V, R> extends DoFn<Ingested<T>, Ingested<R>> {

  private static final long serialVersionUID = 1L;

  private final PCollectionView<Map<K, V>> view;
  private final SerializableFunction<T, K> key;
  private final JoinStep<T, V, R> step;

  // What the bundle has seen last: some runners read the table from state at every look.
  private transient @Nullable BoundedWindow window;
  private transient @Nullable Map<K, V> table;

  EnrichFn(
      PCollectionView<Map<K, V>> view, SerializableFunction<T, K> key, JoinStep<T, V, R> step) {
    this.view = view;
    this.key = key;
    this.step = step;
  }

  @Setup
  public void setup() {
    step.open();
  }

  @StartBundle
  public void startBundle() {
    window = null;
    table = null;
  }

  @ProcessElement
  public void process(
      ProcessContext context, BoundedWindow elementWindow, MultiOutputReceiver output) {
    Ingested<T> element = context.element();
    long eventTimeMillis = context.timestamp().getMillis();
    K wanted;
    try {
      wanted = key.apply(element.value());
    } catch (RuntimeException e) {
      step.withoutKey(element, eventTimeMillis, e, output);
      return;
    }
    V found = tableOf(context, elementWindow).get(wanted);
    step.process(element, wanted, found, eventTimeMillis, output);
  }

  private Map<K, V> tableOf(ProcessContext context, BoundedWindow elementWindow) {
    if (table == null || !elementWindow.equals(window)) {
      table = context.sideInput(view);
      window = elementWindow;
    }
    return table;
  }
}
