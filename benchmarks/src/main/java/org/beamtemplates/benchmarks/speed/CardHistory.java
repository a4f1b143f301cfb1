package org.beamtemplates.benchmarks.speed;

import java.util.Arrays;

/**
 * The state of a card in W6: its last ten payments and a moving average of their amounts, in whole
 * numbers, so that all engines come to the same. Immutable: {@link #with} returns the next one.
 *
 * <p>Engines that change state in place may keep it in another way, with the same alerts.
 */
public final class CardHistory {

  /** Payments that are remembered. */
  public static final int LAST = 10;

  /** The rule of a payment of more than 15 times the average, from the eleventh payment on. */
  public static final int HIGH = 1;

  /** The rule of ten payments within a second. */
  public static final int BURST = 2;

  private static final int SCALE = 8;
  private static final int WEIGHT = 3;
  private static final int TIMES_AVERAGE = 15;
  private static final long BURST_MILLIS = 1_000;

  private final long average;
  private final long count;
  private final long[] cents;
  private final long[] times;

  /**
   * A history of these parts, which it keeps: arrays that nobody changes any more.
   *
   * @param average of the amounts, each new one having a weight of 1/8; in 1/256 cents
   * @param count payments so far
   * @param cents amounts of the last ten, at index payment number modulo ten
   * @param times of the last ten, in ms since the epoch, at the same index
   */
  public CardHistory(long average, long count, long[] cents, long[] times) {
    this.average = average;
    this.count = count;
    this.cents = cents;
    this.times = times;
  }

  public long average() {
    return average;
  }

  public long count() {
    return count;
  }

  /** Not to be changed. */
  public long[] cents() {
    return cents;
  }

  /** Not to be changed. */
  public long[] times() {
    return times;
  }

  /** Returns the history of a card without payments. */
  public static CardHistory none() {
    return new CardHistory(0, 0, new long[LAST], new long[LAST]);
  }

  /** Returns the history with one payment more. */
  public CardHistory with(long newCents, long newTime) {
    long[] nextCents = cents.clone();
    long[] nextTimes = times.clone();
    int place = (int) (count % LAST);
    nextCents[place] = newCents;
    nextTimes[place] = newTime;
    return new CardHistory(nextAverage(average, count, newCents), count + 1, nextCents, nextTimes);
  }

  /** Returns the next average. */
  public static long nextAverage(long average, long count, long newCents) {
    long value = newCents << SCALE;
    return count == 0 ? value : average + ((value - average) >> WEIGHT);
  }

  /** Returns whether a payment is {@link #HIGH}, by the average and the count before it. */
  public static boolean isHigh(long average, long count, long newCents) {
    return count >= LAST && (newCents << SCALE) > TIMES_AVERAGE * average;
  }

  /**
   * Returns whether a payment is the last of a {@link #BURST}, by the count with it.
   *
   * @param times of the last ten, with its own
   */
  public static boolean isBurst(long count, long[] times) {
    if (count < LAST) {
      return false;
    }
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (long time : times) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    return last - first < BURST_MILLIS;
  }

  /** Returns the sum of the last ten amounts: the value of an alert of either rule. */
  public static long sum(long[] cents) {
    long sum = 0;
    for (long value : cents) {
      sum += value;
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CardHistory that
        && average == that.average
        && count == that.count
        && Arrays.equals(cents, that.cents)
        && Arrays.equals(times, that.times);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(average) * 31 + Long.hashCode(count);
  }

  @Override
  public String toString() {
    return count + " payments, average " + average;
  }
}
