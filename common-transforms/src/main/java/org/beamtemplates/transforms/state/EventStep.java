package org.beamtemplates.transforms.state;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.observe.StageTally;
import org.beamtemplates.transforms.record.Ingested;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Applies the function to one event. Shared by both ways to keep the state. */
final class EventStep<T, S, O> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final StateFunction<T, S, O> function;
  private final Lifetime lifetime;
  private final @Nullable Burial<T> burial;
  private final TupleTag<Ingested<O>> outputs;
  private final StageTally tally;

  EventStep(
      StateFunction<T, S, O> function,
      Lifetime lifetime,
      @Nullable Burial<T> burial,
      TupleTag<Ingested<O>> outputs,
      String stage) {
    this.function = function;
    this.lifetime = lifetime;
    this.burial = burial;
    this.outputs = outputs;
    this.tally = StageTally.of(stage);
  }

  void open() {
    if (burial != null) {
      burial.open();
    }
  }

  Lifetime lifetime() {
    return lifetime;
  }

  /** Tells the stage's counters of the events since the last call. */
  void publish() {
    tally.publish();
  }

  /** Returns what is kept of the key after the event; null for nothing. */
  @Nullable Entry<S> apply(
      @Nullable Entry<S> entry,
      Ingested<T> element,
      long eventTimeMillis,
      MultiOutputReceiver output) {
    Entry<S> seen = entry != null && lifetime.covers(entry, eventTimeMillis) ? entry : null;
    Transition<S, O> transition = transition(seen, element, eventTimeMillis, output);
    if (transition == null) {
      tally.dead();
      return entry;
    }
    OutputReceiver<Ingested<O>> receiver = output.get(outputs);
    Instant timestamp = Instant.ofEpochMilli(eventTimeMillis);
    for (O value : transition.outputs()) {
      receiver.outputWithTimestamp(element.with(value), timestamp);
    }
    tally.out();
    if (transition.next() == null) {
      return null;
    }
    long last = seen == null ? eventTimeMillis : Math.max(seen.lastMillis(), eventTimeMillis);
    return new Entry<>(transition.next(), last);
  }

  /** Returns null if the event was given up. */
  private @Nullable Transition<S, O> transition(
      @Nullable Entry<S> seen,
      Ingested<T> element,
      long eventTimeMillis,
      MultiOutputReceiver output) {
    Throwable error;
    // Around the function only: what the steps after this one throw is not this event's fault.
    try {
      return requireNonNull(
          function.apply(seen == null ? null : seen.state(), element.value(), eventTimeMillis),
          "the state function returned null");
    } catch (RuntimeException | StackOverflowError e) {
      if (burial == null) {
        throw e;
      }
      error = e;
    }
    burial.bury(element, eventTimeMillis, error, output);
    return null;
  }
}
