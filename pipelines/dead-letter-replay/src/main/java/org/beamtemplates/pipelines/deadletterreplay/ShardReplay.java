package org.beamtemplates.pipelines.deadletterreplay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.beamtemplates.pipelines.deadletterreplay.Plan.Leave;
import org.beamtemplates.pipelines.deadletterreplay.Plan.NotDue;
import org.beamtemplates.pipelines.deadletterreplay.ReplayLedger.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replay of the letters of one shard. */
final class ShardReplay implements Outbox.Receipts {

  private static final Logger LOG = LoggerFactory.getLogger(ShardReplay.class);

  private static final int LARGEST_TRANSACTION = 5_000_000;
  private static final int MOST_LINES = 10;

  private final ReplaySettings settings;
  private final int shard;
  private final int shards;
  private final ReplayCounters counters;

  private final List<Shipment> batch = new ArrayList<>();
  private final Set<String> inBatch = new HashSet<>();
  private int batchBytes;
  private int lines;

  ShardReplay(ReplaySettings settings, int shard, int shards, ReplayCounters counters) {
    this.settings = settings;
    this.shard = shard;
    this.shards = shards;
    this.counters = counters;
  }

  /** Tells what would be done. The ledger is read, and nobody is fenced. */
  void tell(Iterable<Parcel> parcels) {
    try (TopicReader reader = settings.reader();
        Planner planner = new Planner(settings)) {
      boolean begun = reader.partitions(settings.ledgerTopic()) > 0;
      IdSet ledger =
          begun ? ReplayLedger.ids(reader, settings.ledgerTopic(), shard, shards) : new IdSet();
      for (Parcel parcel : parcels) {
        if (ledger.add(parcel.id())) {
          tell(parcel, planner.plan(parcel));
        } else {
          counters.count(Outcome.SENT_BEFORE);
        }
      }
    }
  }

  private void tell(Parcel parcel, Plan plan) {
    if (plan instanceof Shipment shipment) {
      counters.count(shipment.wouldBe());
      countTopic(shipment);
      log(parcel.id(), shipment.wouldBe(), shipment.target());
    } else {
      leave(parcel.id(), plan);
    }
  }

  /** Does it. */
  void run(Iterable<Parcel> parcels) {
    boolean ours = true;
    try (Outbox outbox = new Outbox(settings, shard, shards, this);
        Planner planner = new Planner(settings)) {
      for (Parcel parcel : parcels) {
        if (ours) {
          ours = offer(parcel, outbox, planner);
        } else {
          counters.count(Outcome.TAKEN_OVER);
        }
      }
      if (ours) {
        flush(outbox);
      }
    }
  }

  /** Returns false as soon as another replay has the shard. */
  private boolean offer(Parcel parcel, Outbox outbox, Planner planner) {
    try {
      if (inBatch.contains(parcel.id()) || outbox.ledger().contains(parcel.id())) {
        counters.count(Outcome.SENT_BEFORE);
        return true;
      }
    } catch (TakenOverException e) {
      counters.count(Outcome.TAKEN_OVER);
      return takenOver(e);
    }
    Plan plan = planner.plan(parcel);
    if (!(plan instanceof Shipment shipment)) {
      leave(parcel.id(), plan);
      return true;
    }
    writeFile(shipment);
    batch.add(shipment);
    inBatch.add(shipment.id());
    batchBytes += shipment.bytes();
    boolean full = batch.size() >= settings.transactionSize() || batchBytes >= LARGEST_TRANSACTION;
    return !full || flush(outbox);
  }

  private boolean flush(Outbox outbox) {
    try {
      outbox.send(batch);
      return true;
    } catch (TakenOverException e) {
      inBatch.forEach(id -> counters.count(Outcome.TAKEN_OVER));
      return takenOver(e);
    } finally {
      batch.clear();
      inBatch.clear();
      batchBytes = 0;
    }
  }

  private boolean takenOver(TakenOverException e) {
    LOG.warn(
        "Another replay sends shard {} of ledger {} now; what is left is left to it",
        shard,
        settings.ledgerTopic(),
        e);
    return false;
  }

  /** Before its entry in the ledger: written twice it is the same file. */
  private static void writeFile(Shipment shipment) {
    if (shipment.line() != null) {
      try {
        Backfill.write(shipment.target(), shipment.line());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + shipment.target(), e);
      }
    }
  }

  private void countTopic(Shipment shipment) {
    if (shipment.action() == Action.SENT) {
      counters.sentTo(shipment.target());
    }
  }

  @Override
  public void done(Shipment shipment) {
    inBatch.remove(shipment.id());
    counters.count(shipment.done());
    countTopic(shipment);
  }

  @Override
  public void refused(Shipment shipment, Throwable why) {
    inBatch.remove(shipment.id());
    leave(
        shipment.id(),
        new Leave(
            Outcome.REFUSED_BY_BROKER,
            "to "
                + shipment.target()
                + ": "
                + why.getClass().getSimpleName()
                + ": "
                + why.getMessage()));
  }

  private void leave(String id, Plan plan) {
    if (plan instanceof NotDue notDue) {
      counters.notDue(notDue.until());
    } else if (plan instanceof Leave leave) {
      counters.count(leave.outcome());
      log(id, leave.outcome(), leave.detail());
    }
  }

  /** The first ones say what there is to say; a million of them would only fill a disk. */
  private void log(String id, Outcome outcome, String detail) {
    if (lines++ < MOST_LINES) {
      LOG.info("{}: {}{}", id, outcome.label(), detail.isEmpty() ? "" : " (" + detail + ")");
    } else if (lines == MOST_LINES + 1) {
      LOG.info("Shard {}: further letters are counted only", shard);
    }
  }
}
