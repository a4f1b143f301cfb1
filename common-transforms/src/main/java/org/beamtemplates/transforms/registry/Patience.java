package org.beamtemplates.transforms.registry;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats an attempt until the registry answers: after 100 ms at first, then after twice as long
 * each time up to 10 s, each wait shortened by up to half at random so that the workers do not come
 * back all at once.
 *
 * @param limit how long to go on
 */
record Patience(Clock clock, Sleeper sleeper, Duration limit) implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  /** Something that a registry is asked for. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws RegistryAwayException, UnknownSchemaException, InterruptedException;
  }

  /**
   * Returns what the attempt returns once it succeeds.
   *
   * @param registry names the registry in logs
   * @throws RegistryUnavailableException if the limit is over, or if the thread was interrupted
   */
  <T> T outlast(String registry, Attempt<T> attempt) throws UnknownSchemaException {
    Instant start = clock.instant();
    Instant nextWarning = start;
    Duration wait = FIRST_WAIT;
    while (true) {
      try {
        T result = attempt.run();
        if (nextWarning.isAfter(start)) {
          LOG.info("Schema registry {} is back after {}", registry, since(start));
        }
        return result;
      } catch (RegistryAwayException e) {
        Instant now = clock.instant();
        if (!now.isBefore(start.plus(limit))) {
          throw new RegistryUnavailableException(
              "Schema registry " + registry + ": " + e.getMessage() + ", for " + since(start), e);
        }
        if (!now.isBefore(nextWarning)) {
          LOG.warn(
              "Schema registry {}: {}; tried for {}, giving up after {}",
              registry,
              e.getMessage(),
              since(start),
              limit);
          nextWarning = now.plus(BETWEEN_WARNINGS);
        }
        pause(registry, wait);
        wait = longer(wait);
      } catch (InterruptedException e) {
        throw interrupted(registry, e);
      }
    }
  }

  private void pause(String registry, Duration wait) {
    long millis = wait.toMillis();
    try {
      sleeper.sleep(
          Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1)));
    } catch (InterruptedException e) {
      throw interrupted(registry, e);
    }
  }

  private static RegistryUnavailableException interrupted(String registry, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new RegistryUnavailableException(
        "Schema registry " + registry + ": interrupted while waiting for it", e);
  }

  private static Duration longer(Duration wait) {
    Duration twice = wait.multipliedBy(2);
    return twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }
}
