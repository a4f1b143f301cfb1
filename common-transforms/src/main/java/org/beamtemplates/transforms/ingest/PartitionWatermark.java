package org.beamtemplates.transforms.ingest;

import java.time.Duration;
import java.util.OptionalLong;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * The watermark of one Kafka partition. It never goes back, unless the records do.
 *
 * <p>With records it is the newest event time, or the present if that is earlier, minus the
 * declared delay. Without, it follows the time at which the partition was last seen to be empty.
 *
 * <p>Idle means: the backlog was known to be 0 at every look for {@link #IDLE_AFTER} and no record
 * came in between. One look is not enough: KafkaIO's SDF asks for the watermark between claiming a
 * record and handing it over, when the backlog is 0 already, and remembers the end of the partition
 * for a second.
 */
final class PartitionWatermark {

  static final Duration IDLE_AFTER = Duration.ofSeconds(2);

  private static final long NOT_IDLE = Long.MIN_VALUE;

  private final long maxDelayMillis;
  private long watermark = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private long resumedFrom = watermark;
  private long lastOffset = -1;
  private long idleSince = NOT_IDLE;

  PartitionWatermark(Duration maxDelay) {
    this.maxDelayMillis = maxDelay.toMillis();
  }

  /** Takes up the watermark that a checkpoint remembers. */
  synchronized void resumeFrom(long watermarkMillis) {
    resumedFrom = watermarkMillis;
    watermark = Math.max(watermark, watermarkMillis);
  }

  /**
   * Takes note of a record, and returns the watermark that it is to be judged by: the one from
   * before it. A record that comes again, because the runner repeats a bundle with the same reader,
   * is judged by the watermark that the bundle began with.
   *
   * @param offset its place in the partition
   * @param eventTime its event time, if that is to move the watermark
   */
  synchronized long record(long offset, OptionalLong eventTime, long nowMillis) {
    idleSince = NOT_IDLE;
    if (offset <= lastOffset) {
      watermark = resumedFrom;
    }
    lastOffset = offset;
    long before = watermark;
    if (eventTime.isPresent()) {
      long newest = Math.min(eventTime.getAsLong(), nowMillis);
      watermark = Math.max(watermark, newest - maxDelayMillis);
    }
    return before;
  }

  /**
   * Returns the watermark after a look at the partition.
   *
   * @param backlog records known to be waiting; negative if unknown
   * @param lookMillis when the partition was looked at
   */
  synchronized long look(long backlog, long lookMillis) {
    if (backlog != 0) {
      idleSince = NOT_IDLE;
      return watermark;
    }
    if (idleSince == NOT_IDLE) {
      idleSince = lookMillis;
    }
    if (lookMillis - idleSince >= IDLE_AFTER.toMillis()) {
      // A record that came after the look before this one can be on its way.
      watermark = Math.max(watermark, lookMillis - IDLE_AFTER.toMillis() - maxDelayMillis);
    }
    return watermark;
  }
}
