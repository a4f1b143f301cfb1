package org.beamtemplates.benchmarks.speed;

import java.time.Duration;

/**
 * What an engine has to do with all payments of a topic. Each decodes a payment and validates it
 * first, and hands each result to a {@link Tally.Counter} last.
 */
public enum Workload {
  /** Sum, count and maximum of the amounts of each card in each minute; 100 000 cards. */
  W1("1-minute sum, count, max; 100 000 keys"),

  /** The same of 20 cards. */
  W2("1-minute sum, count, max; 20 keys"),

  /** Each payment is encoded again, with another device. */
  W3("decode, validate, change, encode"),

  /** Sum, count, first and last time of each session of a card, a gap of 30 s apart. */
  W4("sessions, gap 30 s; 100 000 keys"),

  /** As W1, in windows of 10 minutes that begin every minute. */
  W5("sliding windows, 10 min by 1 min; 100 000 keys"),

  /** {@link CardHistory}: the last ten payments and a moving average of each card; two rules. */
  W6("state of each key, two rules; 100 000 keys");

  /** How far payments are out of order at most is less than this: what every engine waits. */
  public static final Duration MAX_DELAY = Duration.ofSeconds(5);

  /** Length of the windows of W1 and W2, and period of those of W5. */
  public static final Duration MINUTE = Duration.ofMinutes(1);

  /** Length of the windows of W5. */
  public static final Duration SLIDING_SIZE = Duration.ofMinutes(10);

  /** Two payments of a card that are this far apart, or farther, are in two sessions of W4. */
  public static final Duration SESSION_GAP = Duration.ofSeconds(30);

  private final String title;

  Workload(String title) {
    this.title = title;
  }

  /** Returns what is done, for a table. */
  public String title() {
    return title;
  }

  /**
   * Returns how far event time must be beyond what a result is named by (see {@link
   * Latencies#found}) for it to be complete.
   */
  Duration waitFor() {
    return switch (this) {
      case W1, W2 -> MINUTE.plus(MAX_DELAY);
      case W5 -> SLIDING_SIZE.plus(MAX_DELAY);
      case W4 -> SESSION_GAP.plus(MAX_DELAY);
      case W3, W6 -> Duration.ZERO;
    };
  }

  /** Returns the cards that it is done with. */
  public PaymentData.Keys keys() {
    return this == W2 ? PaymentData.Keys.HOT : PaymentData.Keys.MANY;
  }
}
