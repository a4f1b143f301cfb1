package org.beamtemplates.cli.demo;

/**
 * Says how many records are due, so that they go out evenly: never more at once than {@value
 * #LARGEST_BURST_MILLIS} ms of traffic, also after a pause, which is made up for little by little.
 */
final class Pacer {

  static final int LARGEST_BURST_MILLIS = 50;

  private static final long NANOS = 1_000_000_000L;

  private final int perSecond;
  private final long largestBurst;
  private long given;

  /**
   * @param perSecond records a second
   */
  Pacer(int perSecond) {
    this.perSecond = perSecond;
    this.largestBurst = Math.max(1, perSecond * (long) LARGEST_BURST_MILLIS / 1_000);
  }

  /** Returns how many records to send now; they count as sent. */
  int due(long elapsedNanos) {
    long planned =
        elapsedNanos / NANOS * perSecond + elapsedNanos % NANOS * perSecond / NANOS - given;
    int due = (int) Math.max(0, Math.min(planned, largestBurst));
    given += due;
    return due;
  }
}
