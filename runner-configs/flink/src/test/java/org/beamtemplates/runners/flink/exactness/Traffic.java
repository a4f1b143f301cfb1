package org.beamtemplates.runners.flink.exactness;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;

/**
 * A stream that is known record by record: the same seed gives the same records in the same
 * partitions, so that every restart of a job reads the same, and a model can say what must come
 * out.
 *
 * <p>Each partition is out of order within {@link #DISORDER}, and a few records of it are late
 * within {@link #LATENESS}, a few are too late for every window, a few are copies of a record
 * shortly before them, and, unless {@link #clearCut}, a few are late somewhere between.
 *
 * @param seed what everything random comes from
 * @param partitions number of partitions
 * @param perPartition records in each
 * @param keys number of keys, told by the event's country; the first are the most frequent
 * @param clearCut whether no record is late by an amount at which Beam's sessions depend on how far
 *     the other partitions are: a session that is gone merges with nothing any more
 */
record Traffic(long seed, int partitions, int perPartition, int keys, boolean clearCut)
    implements Serializable {

  /** How far records that are not late are out of order: the delay of the watermark. */
  static final Duration DISORDER = Duration.ofSeconds(1);

  /** The allowed lateness that the stream is made for. */
  static final Duration LATENESS = Duration.ofSeconds(4);

  /** No window of an aggregation of this stream may be longer; sessions have a shorter gap. */
  static final Duration LONGEST_WINDOW = Duration.ofSeconds(10);

  private static final String TOPIC = "traffic";
  // 2090-01-01: always ahead of the clock, which moves the watermark of a partition without
  // records.
  private static final long START_MILLIS = 3_786_912_000_000L;
  private static final long STEP_MILLIS = 20;
  private static final int CALM_RECORDS = 50;
  private static final int COPIED_WITHIN = 50;

  /** Traffic that can be late in every way. */
  static Traffic seeded(long seed) {
    return new Traffic(seed, 4, 3000, 30, false);
  }

  /** The same with another number of records in each partition. */
  Traffic of(int recordsPerPartition) {
    return new Traffic(seed, partitions, recordsPerPartition, keys, clearCut);
  }

  /** Traffic that sessions of all partitions agree upon, whichever is ahead. */
  Traffic forSessions() {
    return new Traffic(seed, partitions, perPartition, keys, true);
  }

  /** Returns all records, partition by partition. */
  List<Ingested<PageEvent>> all() {
    List<Ingested<PageEvent>> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.addAll(partition(partition));
    }
    return all;
  }

  /** Returns the records of a partition, each with the watermark that was there before it. */
  List<Ingested<PageEvent>> partition(int partition) {
    // Mixed: neighbouring seeds of Random begin alike.
    Random random = new Random((seed * 31 + partition) * 0x9E3779B97F4A7C15L);
    List<Ingested<PageEvent>> records = new ArrayList<>();
    long front = START_MILLIS + partition * 300L;
    long watermark = Ingested.NEVER_LATE;
    for (int number = 0; number < perPartition; number++) {
      front += STEP_MILLIS;
      PageEvent event = event(random, partition, records, front, watermark);
      records.add(new Ingested<>(event, Origin.kafka(TOPIC, partition, number), watermark));
      watermark = Math.max(watermark, event.getEventTimeMs() - DISORDER.toMillis());
    }
    return List.copyOf(records);
  }

  private PageEvent event(
      Random random, int partition, List<Ingested<PageEvent>> before, long front, long watermark) {
    int kind = before.size() < CALM_RECORDS ? 100 : random.nextInt(100);
    if (kind < 4) {
      PageEvent copied = before.get(before.size() - 1 - random.nextInt(COPIED_WITHIN)).value();
      // Copies of what is late are left out: whether they are late themselves or duplicates can
      // depend on the other partitions.
      if (copied.getEventTimeMs() >= watermark - LATENESS.toMillis()) {
        return PageEvent.newBuilder(copied).build();
      }
    }
    long time = front - random.nextLong(DISORDER.toMillis() + 1);
    if (kind >= 4 && kind < 10) {
      time = watermark - 1 - random.nextLong(LATENESS.toMillis());
    } else if (kind >= 10 && kind < 13) {
      time =
          watermark
              - LATENESS.plus(LONGEST_WINDOW).toMillis()
              - 1
              - random.nextLong(LONGEST_WINDOW.toMillis());
    } else if (kind >= 13 && kind < 17 && !clearCut) {
      time = watermark - LATENESS.toMillis() - random.nextLong(LONGEST_WINDOW.toMillis());
    }
    int key = Math.min(random.nextInt(keys), random.nextInt(keys));
    return PageEvent.newBuilder()
        .setEventId(partition + "@" + before.size())
        .setUserId("user-" + random.nextInt(1000))
        .setPage("/")
        .setCountry("key-" + key)
        .setEventTimeMs(time)
        .build();
  }
}
