package org.beamtemplates.transforms.enrich;

import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.record.Ingested;

/**
 * What a {@link LatestValue} gives: the enriched events, and what came too late.
 *
 * @param <T> type of the events
 * @param <U> type of the updates
 * @param <R> type of the enriched events
 */
public final class Enriched<T, U, R> implements POutput {

  private final Pipeline pipeline;
  private final PCollection<Ingested<R>> events;
  private final PCollection<Ingested<T>> lateEvents;
  private final PCollection<Ingested<U>> lateUpdates;
  private final TupleTag<Ingested<R>> eventsTag = new TupleTag<>("events") {};
  private final TupleTag<Ingested<T>> lateEventsTag = new TupleTag<>("late-events") {};
  private final TupleTag<Ingested<U>> lateUpdatesTag = new TupleTag<>("late-updates") {};

  Enriched(
      Pipeline pipeline,
      PCollection<Ingested<R>> events,
      PCollection<Ingested<T>> lateEvents,
      PCollection<Ingested<U>> lateUpdates) {
    this.pipeline = pipeline;
    this.events = events;
    this.lateEvents = lateEvents;
    this.lateUpdates = lateUpdates;
  }

  /** Returns the enriched events, with unchanged timestamps, coordinates and watermarks. */
  public PCollection<Ingested<R>> events() {
    return events;
  }

  /** Returns the events that came too late to be enriched. */
  public PCollection<Ingested<T>> lateEvents() {
    return lateEvents;
  }

  /** Returns the updates that came too late to be remembered. */
  public PCollection<Ingested<U>> lateUpdates() {
    return lateUpdates;
  }

  @Override
  public Pipeline getPipeline() {
    return pipeline;
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    return Map.of(eventsTag, events, lateEventsTag, lateEvents, lateUpdatesTag, lateUpdates);
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // The collections are finished by the transforms that make them.
  }
}
