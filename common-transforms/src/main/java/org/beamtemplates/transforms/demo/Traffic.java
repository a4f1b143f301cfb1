package org.beamtemplates.transforms.demo;

import java.time.Instant;

/** The records that a demo sends, and the ledger of them. */
public interface Traffic {

  /**
   * Returns the next record to send. It is in the ledger then, so the caller sends it for sure, in
   * this order within its partition. Not thread-safe: called by the one thread that produces.
   *
   * @param eventTime the present in event time, which never goes back; the record's own time is
   *     near it, or far behind if the record is to be late
   * @param newerSchema whether producers write the newest version of the schema, or the one before
   */
  TrafficRecord next(Instant eventTime, boolean newerSchema);

  /** Returns what was sent so far. Safe from any thread. */
  Sent sent();
}
