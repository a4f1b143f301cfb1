package org.beamtemplates.runners.flink.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.runners.flink.exactness.Model.Cell;
import org.beamtemplates.runners.flink.exactness.Windowing.Span;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.LateElement;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.record.Ingested;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An aggregation of {@link Ids} by country under failures, held against the {@link Model}. */
final class AggregationRun {

  private static final Logger LOG = LoggerFactory.getLogger(AggregationRun.class);

  private final FailureRun run;
  private final Gathered<WindowResult<String, String>> panes;
  private final Gathered<LateElement<PageEvent>> late;

  private AggregationRun(
      FailureRun run,
      Gathered<WindowResult<String, String>> panes,
      Gathered<LateElement<PageEvent>> late) {
    this.run = run;
    this.panes = panes;
    this.late = late;
  }

  /** Puts an aggregation behind events of a run. */
  static AggregationRun of(
      FailureRun run,
      PCollection<Ingested<PageEvent>> events,
      PTransform<PCollection<Ingested<PageEvent>>, Aggregated<String, PageEvent, String>>
          aggregation) {
    Aggregated<String, PageEvent, String> aggregated = events.apply("Aggregate", aggregation);
    return new AggregationRun(
        run, Gathered.of(run.failing(aggregated.results())), Gathered.of(aggregated.late()));
  }

  /** Runs to the end: every window holds what the model says, and nothing else. */
  void mustGive(Model model) {
    run.toTheEnd();

    LOG.info(
        "{} keys and windows, {} of which have a stale pane of a higher revision; {} late",
        model.finals().size(),
        overtaken(),
        model.late().size());
    assertThat(model.late()).as("the stream has late records").isNotEmpty();
    assertThat(lateIds()).as("late records").isEqualTo(model.late());
    assertThat(model.complaints(whole(FinalPanes.lastOf(panes.elements()), model)))
        .as("the last pane of each key and window")
        .isEmpty();
  }

  /** Returns how many keys and windows have a pane with a higher revision than the final one. */
  long overtaken() {
    List<WindowResult<String, String>> all = panes.elements();
    Map<Cell, String> highest = FinalPanes.highestOf(all);
    return FinalPanes.lastOf(all).entrySet().stream()
        .filter(last -> !last.getValue().equals(highest.get(last.getKey())))
        .count();
  }

  private Set<String> lateIds() {
    return late.elements().stream()
        .map(
            element -> {
              IntervalWindow window = (IntervalWindow) element.window();
              return Model.lateId(
                  element.element().origin(),
                  new Span(window.start().getMillis(), window.end().getMillis()));
            })
        .collect(Collectors.toSet());
  }

  /** Leaves out the panes of sessions that were merged into larger ones afterwards. */
  private Map<Cell, String> whole(Map<Cell, String> last, Model model) {
    Map<Cell, String> whole = new TreeMap<>(last);
    whole.keySet().removeIf(model::isMerged);
    return whole;
  }
}
