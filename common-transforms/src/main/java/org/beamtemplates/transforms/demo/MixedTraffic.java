package org.beamtemplates.transforms.demo;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.beamtemplates.transforms.demo.TrafficRecord.Kind;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Traffic of all kinds, and the ledger of it: good events a little out of order, duplicates, late
 * ones that count, some that come too late, and broken ones in every way that the model knows.
 *
 * <p>What is late is decided here as the reader of a partition will decide it: against the newest
 * event time before it in its partition. It is late, or too late, by a wide margin. That holds as
 * long as no reader finds its partition empty for seconds before the traffic is over.
 *
 * <p>The same seed and the same calls give the same records.
 *
 * @param <E> type of the events
 */
public final class MixedTraffic<E> implements Traffic {

  private final RandomGenerator random;
  private final Mix mix;
  private final Timing timing;
  private final Senders senders;
  private final EventModel<E> model;
  private final List<Breakage<E>> breakages;
  private final PartitionProgress[] partitions;
  private final RecentRecords recent = new RecentRecords();
  private final Ledger ledger = new Ledger();
  private long presentMillis;
  private int nextBreakage;

  private MixedTraffic(
      Workload workload, Mix mix, Timing timing, Senders senders, EventModel<E> model) {
    this.random = new SplittableRandom(workload.seed());
    this.mix = requireNonNull(mix, "mix");
    this.timing = requireNonNull(timing, "timing");
    this.senders = requireNonNull(senders, "senders");
    this.model = requireNonNull(model, "model");
    this.breakages = List.copyOf(model.breakages());
    this.presentMillis = workload.firstEventTime().toEpochMilli();
    this.partitions = new PartitionProgress[workload.partitions()];
    for (int i = 0; i < partitions.length; i++) {
      partitions[i] = new PartitionProgress(timing.maxDelay().toMillis());
    }
    if (breakages.isEmpty() && mix.broken() > 0) {
      throw new IllegalArgumentException("the model knows no way to break an event");
    }
  }

  /**
   * Traffic of a model.
   *
   * @param timing what the job is told about time
   * @param senders who sends, by as many partitions as the workload has
   */
  public static <E> MixedTraffic<E> of(
      Workload workload, Mix mix, Timing timing, Senders senders, EventModel<E> model) {
    return new MixedTraffic<>(workload, mix, timing, senders, model);
  }

  @Override
  public TrafficRecord next(Instant eventTime, boolean newerSchema) {
    advance(eventTime);
    Kind kind = mix.draw(random);
    if (kind == Kind.DUPLICATE) {
      TrafficRecord earlier = recent.draw(random, presentMillis - timing.windowSize().toMillis());
      if (earlier != null && partitions[earlier.partition()].isWarm()) {
        ledger.duplicate();
        return record(earlier.partition(), earlier.key(), earlier.value(), Kind.DUPLICATE);
      }
      kind = Kind.GOOD;
    }
    int sender = senders.draw(random);
    // Without a watermark nothing is late.
    return partitions[senders.partition(sender)].isWarm()
        ? send(sender, kind, newerSchema)
        : send(sender, Kind.GOOD, newerSchema);
  }

  private TrafficRecord send(int sender, Kind kind, boolean newerSchema) {
    PartitionProgress partition = partitions[senders.partition(sender)];
    long eventTime = eventTime(kind, partition);
    E event = model.draw(sender, eventTime, random);
    if (kind == Kind.BROKEN) {
      Breakage<E> breakage = breakages.get(nextBreakage++ % breakages.size());
      ledger.broken(breakage);
      return record(sender, breakage.value().of(event, newerSchema, random), kind);
    }
    TrafficRecord record = record(sender, model.encode(event, newerSchema), kind);
    if (kind == Kind.TOO_LATE) {
      ledger.tooLate();
      return record;
    }
    ledger.counted(kind, model.resultKey(event));
    if (kind == Kind.GOOD) {
      partition.good(eventTime);
      recent.add(record, eventTime);
    }
    return record;
  }

  /** Only good events move the watermark of their partition. */
  private long eventTime(Kind kind, PartitionProgress partition) {
    return switch (kind) {
      case LATE ->
          partition.watermarkMillis()
              - random.nextLong(timing.lateByAtLeastMillis(), timing.lateByAtMostMillis());
      case TOO_LATE -> partition.watermarkMillis() - timing.tooLateByMillis();
      case BROKEN -> partition.newestMillis();
      case GOOD, DUPLICATE -> presentMillis - random.nextLong(timing.disorderMillis() + 1);
    };
  }

  private void advance(Instant eventTime) {
    long millis = eventTime.toEpochMilli();
    if (millis < presentMillis) {
      throw new IllegalArgumentException(
          "event time goes back from " + Instant.ofEpochMilli(presentMillis) + " to " + eventTime);
    }
    presentMillis = millis;
  }

  private TrafficRecord record(int sender, byte @Nullable [] value, Kind kind) {
    return new TrafficRecord(senders.partition(sender), senders.key(sender), value, kind);
  }

  private static TrafficRecord record(
      int partition, byte @Nullable [] key, byte @Nullable [] value, Kind kind) {
    return new TrafficRecord(partition, key, value, kind);
  }

  @Override
  public Sent sent() {
    return ledger.snapshot();
  }
}
