package org.beamtemplates.benchmarks.scaling;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.beamtemplates.benchmarks.speed.Engines;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * One job that is measured.
 *
 * @param from where payments come from
 * @param records payments of the job
 */
record Trial(
    Engines engine,
    Workload workload,
    PaymentData.Keys keys,
    From from,
    Job.State state,
    int parallelism,
    long records) {

  /** Where payments come from. */
  enum From {
    MEMORY,
    /** A topic where all payments of a card are in one partition. */
    TOPIC_BY_CARD,
    /** A topic where those of each card are in all partitions alike. */
    TOPIC_SPREAD
  }

  Trial {
    requireNonNull(engine, "engine");
    requireNonNull(workload, "workload");
    requireNonNull(keys, "keys");
    requireNonNull(from, "from");
    requireNonNull(state, "state");
  }

  /** Returns the job; servers and topic are empty for payments in memory. */
  Job job(String servers, String topic, Path folder) {
    Job.Source source = from == From.MEMORY ? Job.Source.MEMORY : Job.Source.KAFKA;
    return new Job(workload, keys, source, state, records, parallelism, servers, topic, folder);
  }

  /** Returns what differs between trials, for a line of a log. */
  @Override
  public String toString() {
    return "%s %s, keys %s, %s, %s, parallelism %d"
        .formatted(engine.title(), workload, keys, from, state, parallelism);
  }
}
