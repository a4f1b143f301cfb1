package org.beamtemplates.benchmarks.speed;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * What an engine is asked to do.
 *
 * @param keys that payments have; those of the workload if nothing else is said
 * @param source where it reads
 * @param state where it keeps state; of no meaning for engines that have one way only
 * @param records payments that there are
 * @param parallelism of the engine
 * @param bootstrapServers of Kafka, if it reads there; empty otherwise
 * @param topic that has all records, {@link PaymentData#PARTITIONS} partitions, the card as key,
 *     the event time as timestamp, and an end mark in each partition; empty if it does not read
 *     Kafka
 * @param folder for what it writes, such as checkpoints
 */
public record Job(
    Workload workload,
    PaymentData.Keys keys,
    Source source,
    State state,
    long records,
    int parallelism,
    String bootstrapServers,
    String topic,
    Path folder) {

  /** Where payments come from. */
  public enum Source {
    /** {@link PaymentData} in the engine's own JVM, read by one reader. */
    MEMORY,
    KAFKA
  }

  /** Where state is. */
  public enum State {
    HEAP,
    ROCKSDB
  }

  /**
   * How long Kafka may wait for records before it answers a consumer, for all engines, as the
   * library has it: in ms. With Kafka's default of 500 they all wait for the partitions that are at
   * their end.
   */
  public static final int FETCH_MAX_WAIT_MILLIS = 50;

  /** All engines write checkpoints to files this often, if they write any: in ms. */
  public static final long CHECKPOINT_MILLIS = 10_000;

  public Job {
    requireNonNull(workload, "workload");
    requireNonNull(keys, "keys");
    requireNonNull(source, "source");
    requireNonNull(state, "state");
    requireNonNull(bootstrapServers, "bootstrapServers");
    requireNonNull(topic, "topic");
    requireNonNull(folder, "folder");
  }

  /** With the keys of the workload. */
  public Job(
      Workload workload,
      Source source,
      State state,
      long records,
      int parallelism,
      String bootstrapServers,
      String topic,
      Path folder) {
    this(
        workload,
        workload.keys(),
        source,
        state,
        records,
        parallelism,
        bootstrapServers,
        topic,
        folder);
  }

  /** Returns the payments of a source in memory. */
  public PaymentData data() {
    return PaymentData.of(keys, records);
  }
}
