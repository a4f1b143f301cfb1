package org.beamtemplates.benchmarks.speed;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.beamtemplates.benchmarks.speed.Job.Source;
import org.beamtemplates.benchmarks.speed.Job.State;

/**
 * What the library wants to be, against another engine: cost of the other divided by its own.
 *
 * @param title against whom, and where
 * @param peer the other engine
 * @param source where payments come from
 * @param state where state is kept
 * @param ratios the least, for each workload that has one
 */
record Goal(String title, Engines peer, Source source, State state, Map<Workload, Double> ratios) {

  /** What was set out to be reached, before anything was measured. */
  static final List<Goal> ALL =
      List.of(
          new Goal(
              "native Flink, from memory",
              Engines.FLINK,
              Source.MEMORY,
              State.HEAP,
              Map.of(
                  Workload.W1,
                  1.2,
                  Workload.W2,
                  1.5,
                  Workload.W3,
                  1.0,
                  Workload.W4,
                  1.5,
                  Workload.W5,
                  1.5,
                  Workload.W6,
                  1.0)),
          new Goal(
              "native Flink, from Kafka",
              Engines.FLINK,
              Source.KAFKA,
              State.HEAP,
              Map.of(
                  Workload.W1,
                  1.0,
                  Workload.W2,
                  1.3,
                  Workload.W3,
                  1.0,
                  Workload.W4,
                  1.2,
                  Workload.W5,
                  1.2,
                  Workload.W6,
                  0.9)),
          new Goal(
              "native Flink with the same trick, from memory",
              Engines.FLINK_LOCAL,
              Source.MEMORY,
              State.HEAP,
              Map.of(
                  Workload.W1,
                  0.8,
                  Workload.W2,
                  0.8,
                  Workload.W4,
                  0.7,
                  Workload.W5,
                  0.7,
                  Workload.W6,
                  0.8)),
          new Goal(
              "Kafka Streams, from Kafka",
              Engines.STREAMS,
              Source.KAFKA,
              State.HEAP,
              Map.of(
                  Workload.W1,
                  2.0,
                  Workload.W2,
                  2.0,
                  Workload.W3,
                  1.0,
                  Workload.W4,
                  1.5,
                  Workload.W5,
                  2.0,
                  Workload.W6,
                  1.5)),
          new Goal(
              "native Flink, RocksDB, from memory",
              Engines.FLINK,
              Source.MEMORY,
              State.ROCKSDB,
              Map.of(
                  Workload.W1,
                  2.0,
                  Workload.W2,
                  2.0,
                  Workload.W4,
                  1.5,
                  Workload.W5,
                  1.5,
                  Workload.W6,
                  2.0)));

  Goal {
    requireNonNull(title, "title");
    requireNonNull(peer, "peer");
    requireNonNull(source, "source");
    requireNonNull(state, "state");
    ratios = Map.copyOf(ratios);
  }

  /** Returns the least ratio for a workload, if there is one. */
  Optional<Double> of(Workload workload) {
    return Optional.ofNullable(ratios.get(workload));
  }

  Cell cell(Workload workload) {
    return new Cell(workload, source, state);
  }
}
