package org.beamtemplates.pipelines.deadletterreplay;

import java.io.Serializable;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.beamtemplates.transforms.observe.StageCounters;

/** Counts what became of the dead letters: for the accounting, and in detail for the report. */
final class ReplayCounters implements Serializable {

  private static final long serialVersionUID = 1L;

  static final String STAGE = "replay";

  /** Namespace of the detailed counters, which are named as the outcomes are. */
  static final String NAMESPACE = "dead-letter-replay";

  /** Begins the name of a counter of what went, or would go, to a topic. */
  static final String TO = "to:";

  /** When letters that are not due will be, in seconds since the epoch. */
  static final String DUE = "due";

  private final StageCounters stage = StageCounters.of(STAGE);
  private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
  private final Distribution due = Metrics.distribution(NAMESPACE, DUE);

  ReplayCounters() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, Metrics.counter(NAMESPACE, outcome.name()));
    }
  }

  void in() {
    stage.in();
  }

  void count(Outcome outcome) {
    outcome.count(stage);
    outcomes.get(outcome).inc();
  }

  void notDue(Instant next) {
    count(Outcome.NOT_DUE);
    due.update(next.getEpochSecond());
  }

  void sentTo(String topic) {
    Metrics.counter(NAMESPACE, TO + topic).inc();
  }
}
