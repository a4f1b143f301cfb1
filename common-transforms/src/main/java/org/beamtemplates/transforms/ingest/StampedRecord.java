package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * A record and what its reader knew of it.
 *
 * @param watermarkMillis watermark of the partition just before the record
 * @param status of its event time
 * @param millis its event time; see {@link Reading}
 */
record StampedRecord(RawRecord raw, long watermarkMillis, Status status, long millis) {

  StampedRecord {
    requireNonNull(raw, "raw");
    requireNonNull(status, "status");
  }

  StampedRecord(RawRecord raw, long watermarkMillis, Reading reading) {
    this(raw, watermarkMillis, reading.status(), reading.millis());
  }

  /** Returns the event time of the record. */
  Reading reading() {
    return new Reading(status, millis);
  }

  /** Returns where the record stands in time: without a time to believe, where its partition is. */
  long timestampMillis() {
    return status == Status.SANE ? millis : watermarkMillis;
  }
}
