package org.beamtemplates.transforms.demo;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record to send. The arrays are not copied and can be shared with other records: whoever holds
 * one reads them and never writes.
 *
 * @param partition partition to send it to
 * @param key key of the record
 * @param value value of the record; null for a tombstone
 * @param kind what becomes of it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record TrafficRecord(
    int partition, byte @Nullable [] key, byte @Nullable [] value, Kind kind) {

  /** What becomes of a record. Each record is of one kind. */
  public enum Kind {
    /** It counts, in time. */
    GOOD,
    /** An earlier good record once more: it is dropped. */
    DUPLICATE,
    /** It is behind the watermark, but within the allowed lateness: it counts. */
    LATE,
    /** It comes after its window was closed for good: it becomes a dead letter. */
    TOO_LATE,
    /** It cannot be decoded, or breaks a rule: it becomes a dead letter. */
    BROKEN
  }
}
