package org.beamtemplates.benchmarks.speed;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * A field of the table: what several engines do alike.
 *
 * @param workload the work
 * @param source where payments come from
 * @param state where state is kept
 */
record Cell(Workload workload, Job.Source source, Job.State state) {

  Cell {
    requireNonNull(workload, "workload");
    requireNonNull(source, "source");
    requireNonNull(state, "state");
  }

  /** Returns where payments come from and state is, for a heading. */
  String place() {
    return place(source, state);
  }

  static String place(Job.Source source, Job.State state) {
    String from = source == Job.Source.MEMORY ? "from memory" : "from Kafka";
    return from + ", state " + (state == Job.State.HEAP ? "on the heap" : "in RocksDB");
  }

  @Override
  public String toString() {
    return "%s-%s-%s".formatted(workload, source, state).toLowerCase(Locale.ROOT);
  }
}
