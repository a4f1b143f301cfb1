package org.beamtemplates.benchmarks.scaling;

import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.benchmarks.scaling.Trial.From;
import org.beamtemplates.benchmarks.speed.Engines;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.beamtemplates.benchmarks.speed.PaymentData.Keys;
import org.beamtemplates.benchmarks.speed.Workload;

/** What is measured: all of it, or the ends of each scale. */
final class Plan {

  private static final long RECORDS = 6_000_000;
  private static final long KAFKA_RECORDS = 4_000_000;
  private static final long ROCKSDB_RECORDS = 3_000_000;
  private static final int SKEWED_CARDS = 100_000;

  private final boolean quick;
  private final long records;

  /** With 6 million payments a job; 4 from Kafka, 3 with RocksDB. */
  Plan(boolean quick) {
    this(quick, 0);
  }

  /**
   * With a number of payments.
   *
   * @param records of each job; 0 for what is usual
   */
  Plan(boolean quick, long records) {
    this.quick = quick;
    this.records = records;
  }

  /** Returns the workloads that are measured with parallelism 1 and 2. */
  List<Workload> parallelWorkloads() {
    return quick ? List.of(Workload.W1) : List.of(Workload.W1, Workload.W6);
  }

  /** Returns how many subtasks there are. */
  List<Integer> parallelisms() {
    return List.of(1, 2);
  }

  /** From Kafka, the workload's own cards. */
  Trial parallel(Workload workload, int parallelism) {
    return trial(
        Engines.BEAM, workload, workload.keys(), From.TOPIC_BY_CARD, State.HEAP, parallelism);
  }

  /** Returns numbers of cards. */
  List<Integer> cards(Workload workload) {
    if (quick) {
      return List.of(10_000, 1_000_000);
    }
    return workload == Workload.W1
        ? List.of(1_000, 10_000, 100_000, 1_000_000)
        : List.of(10_000, 100_000, 1_000_000);
  }

  /** From memory, cards that are alike. */
  Trial keys(Workload workload, int cards, State state) {
    return trial(Engines.BEAM, workload, Keys.alike(cards), From.MEMORY, state, 1);
  }

  /** Returns shares of the hottest card. */
  List<Double> shares() {
    return quick ? List.of(0.01, 0.9) : List.of(0.01, 0.1, 0.5, 0.9);
  }

  /** Returns who is measured with skew. */
  List<Engines> skewed() {
    return List.of(Engines.BEAM, Engines.FLINK);
  }

  /** W1 from Kafka, one card with a share and all others alike. */
  Trial skew(Engines engine, double share, int parallelism) {
    return trial(
        engine,
        Workload.W1,
        Keys.alike(SKEWED_CARDS).withHottest(share),
        From.TOPIC_SPREAD,
        State.HEAP,
        parallelism);
  }

  private Trial trial(
      Engines engine, Workload workload, Keys keys, From from, State state, int parallelism) {
    return new Trial(
        engine,
        workload,
        keys,
        from,
        state,
        parallelism,
        records > 0 ? records : usualRecords(from, state));
  }

  /** Enough for some ten seconds, and a checkpoint. */
  private static long usualRecords(From from, State state) {
    if (state == State.ROCKSDB) {
      return ROCKSDB_RECORDS;
    }
    return from == From.MEMORY ? RECORDS : KAFKA_RECORDS;
  }

  /** Returns all trials of a part. */
  List<Trial> trials(Part part) {
    return switch (part) {
      case PARALLELISM -> parallelTrials();
      case KEYS -> keysTrials(Workload.W1);
      case STATE -> keysTrials(Workload.W6);
      case SKEW -> skewTrials();
    };
  }

  private List<Trial> parallelTrials() {
    List<Trial> trials = new ArrayList<>();
    for (Workload workload : parallelWorkloads()) {
      parallelisms().forEach(parallelism -> trials.add(parallel(workload, parallelism)));
    }
    return trials;
  }

  private List<Trial> keysTrials(Workload workload) {
    List<Trial> trials = new ArrayList<>();
    for (State state : State.values()) {
      cards(workload).forEach(cards -> trials.add(keys(workload, cards, state)));
    }
    return trials;
  }

  private List<Trial> skewTrials() {
    List<Trial> trials = new ArrayList<>();
    for (double share : shares()) {
      for (Engines engine : skewed()) {
        parallelisms().forEach(parallelism -> trials.add(skew(engine, share, parallelism)));
      }
    }
    return trials;
  }
}
