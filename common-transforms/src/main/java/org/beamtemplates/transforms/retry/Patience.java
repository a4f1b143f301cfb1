package org.beamtemplates.transforms.retry;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats an attempt until a service answers: after 100 ms at first, then after twice as long each
 * time up to 10 s, each wait shortened by up to half at random so that the workers do not come back
 * all at once. Warns at once and then every minute.
 *
 * @param limit how long to go on
 */
public record Patience(Clock clock, Sleeper sleeper, Duration limit) implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  /**
   * Something that a service is asked for.
   *
   * @param <X> what the service may answer with instead, {@link RuntimeException} for nothing
   */
  @FunctionalInterface
  public interface Attempt<T, X extends Exception> {

    /** Asks once. */
    T run() throws AwayException, InterruptedException, X;
  }

  public Patience {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("Patience cannot be negative: " + limit);
    }
  }

  /** Waits on the thread, by the system's clock, for as long as this. */
  public static Patience of(Duration limit) {
    return new Patience(Clock.systemUTC(), Sleeper.THREAD, limit);
  }

  /** Returns the same patience with another limit. */
  public Patience withLimit(Duration other) {
    return new Patience(clock, sleeper, other);
  }

  /**
   * Returns what the attempt returns once it succeeds.
   *
   * @param service names the service in logs and messages
   * @throws UnavailableException if the limit is over, or if the thread was interrupted
   */
  public <T, X extends Exception> T outlast(String service, Attempt<T, X> attempt) throws X {
    Instant start = clock.instant();
    Instant nextWarning = start;
    Duration wait = FIRST_WAIT;
    while (true) {
      try {
        T result = attempt.run();
        if (nextWarning.isAfter(start)) {
          LOG.info("{} is back after {}", service, since(start));
        }
        return result;
      } catch (AwayException e) {
        Instant now = clock.instant();
        if (!now.isBefore(start.plus(limit))) {
          throw new UnavailableException(
              service + ": " + e.getMessage() + ", for " + since(start), e);
        }
        if (!now.isBefore(nextWarning)) {
          LOG.warn(
              "{}: {}; tried for {}, giving up after {}",
              service,
              e.getMessage(),
              since(start),
              limit);
          nextWarning = now.plus(BETWEEN_WARNINGS);
        }
        pause(service, wait);
        wait = longer(wait);
      } catch (InterruptedException e) {
        throw interrupted(service, e);
      }
    }
  }

  private void pause(String service, Duration wait) {
    long millis = wait.toMillis();
    try {
      sleeper.sleep(
          Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
    } catch (InterruptedException e) {
      throw interrupted(service, e);
    }
  }

  private static UnavailableException interrupted(String service, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new UnavailableException(service + ": interrupted while waiting for it", e);
  }

  private static Duration longer(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }
}
