package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.beamtemplates.transforms.demo.Sent;

/**
 * What is known at one moment; all of it is measured.
 *
 * @param title what runs where
 * @param phase what is going on
 * @param progress how much of the traffic's time has passed, 0 to 1
 * @param sent the generator's ledger
 * @param sentPerSecond records sent a second, over the last seconds
 * @param job what the job has counted
 * @param behind how far the job is behind the generator, in event time
 * @param store what is in the table of results
 * @param deadLetters what is in the topic of dead letters, by category
 * @param places where the services are
 */
record Snapshot(
    String title,
    String phase,
    double progress,
    Sent sent,
    double sentPerSecond,
    Job job,
    Duration behind,
    Store store,
    SortedMap<String, DeadLetterCount> deadLetters,
    List<String> places) {

  /**
   * What the job has counted, over all its stages.
   *
   * @param running whether it has counted anything
   * @param read records that were read from the topic
   * @param readPerSecond the same a second, over the last seconds
   * @param dead dead letters, late ones aside
   * @param duplicate records dropped as duplicates
   * @param late records whose window was closed
   */
  record Job(
      boolean running, long read, double readPerSecond, long dead, long duplicate, long late) {

    static final Job STARTING = new Job(false, 0, 0, 0, 0, 0);
  }

  /**
   * What is in the table of results.
   *
   * @param columns headings of the newest rows
   * @param newest the newest rows
   * @param finalCounts events by result, of complete windows
   */
  record Store(List<String> columns, List<List<String>> newest, Map<String, Long> finalCounts) {

    static final Store EMPTY = new Store(List.of(), List.of(), Map.of());

    long events() {
      return finalCounts.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Dead letters of one category.
   *
   * @param count how many different ones
   * @param place topic-partition@offset of an example
   * @param reason what is wrong with it
   * @param payload its first bytes, readable
   */
  record DeadLetterCount(long count, String place, String reason, String payload) {}

  /** Returns how many records the job has not read yet. */
  long lag() {
    return Math.max(0, sent.total() - job.read());
  }

  long broken() {
    return sent.broken().values().stream().mapToLong(Long::longValue).sum();
  }
}
