package org.beamtemplates.pipelines.deadletterreplay;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import org.beamtemplates.transforms.launch.Durations;
import org.beamtemplates.transforms.retry.Patience;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How a replay is done, as the options say.
 *
 * @param targetTopic where all records go; null for where each came from
 * @param parkingTopic where letters go that were tried too often; null to leave them
 * @param quarantineTopic where malformed letters go; null to leave them
 * @param backfill folder for late events; null to refuse them
 * @param backoff when a letter is due again
 * @param patience how long Kafka is waited for
 */
record ReplaySettings(
    String bootstrapServers,
    String ledgerTopic,
    @Nullable String targetTopic,
    @Nullable String parkingTopic,
    @Nullable String quarantineTopic,
    @Nullable RepairFn repair,
    @Nullable String backfill,
    int maxAttempts,
    Backoff backoff,
    boolean dryRun,
    int transactionSize,
    Clock clock,
    Patience patience)
    implements Serializable {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  static ReplaySettings of(DeadLetterReplayOptions options) {
    return new ReplaySettings(
        options.getBootstrapServers(),
        Topics.ledger(options),
        options.getTargetTopic(),
        options.getParkingTopic(),
        options.getQuarantineTopic(),
        options.getRepair() == null ? null : Repairs.create(options.getRepair()),
        options.getBackfill(),
        options.getMaxAttempts(),
        new Backoff(Durations.parse(options.getBackoff())),
        options.getDryRun(),
        options.getTransactionSize(),
        Clock.systemUTC(),
        Patience.of(LIMIT));
  }

  /**
   * Returns how many shards there are: the partitions of the ledger. One if there is none yet, in a
   * dry run, which makes none.
   */
  int shards() {
    try (TopicReader reader = reader()) {
      int partitions = reader.partitions(ledgerTopic);
      if (partitions == 0 && dryRun) {
        return 1;
      }
      if (partitions == 0) {
        throw new IllegalStateException("The ledger " + ledgerTopic + " does not exist any more");
      }
      return partitions;
    }
  }

  TopicReader reader() {
    return new TopicReader(bootstrapServers, patience);
  }
}
