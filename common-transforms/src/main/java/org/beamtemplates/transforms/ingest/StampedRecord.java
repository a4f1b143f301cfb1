package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.record.RawRecord;

/**
 * A record and what its reader knew of it.
 *
 * @param watermarkMillis watermark of the partition just before the record
 * @param reading event time of the record
 */
record StampedRecord(RawRecord raw, long watermarkMillis, Reading reading) {

  StampedRecord {
    requireNonNull(raw, "raw");
    requireNonNull(reading, "reading");
  }
}
