package org.beamtemplates.benchmarks.speed.beam;

/**
 * A session of W4 so far.
 *
 * @param first time of the first payment, in ms since the epoch
 * @param last time of the last payment
 * @param sum of the amounts
 * @param count of the payments
 */
record SessionTotals(long first, long last, long sum, long count) {

  static final SessionTotals NONE = new SessionTotals(Long.MAX_VALUE, Long.MIN_VALUE, 0, 0);

  SessionTotals plus(SessionTotals other) {
    return new SessionTotals(
        Math.min(first, other.first),
        Math.max(last, other.last),
        sum + other.sum,
        count + other.count);
  }
}
