package org.beamtemplates.benchmarks.speed;

/**
 * What the results of a workload must be.
 *
 * @param records how many are read
 * @param results how many are found
 * @param checksum of all of them
 */
public record Expected(long records, long results, long checksum) {

  /** Finds out, by doing the work. */
  public static Expected of(Workload workload, PaymentData data) {
    return of(PlainLoop.count(workload, data));
  }

  private static Expected of(Tally.Count count) {
    return new Expected(count.records(), count.results(), count.checksum());
  }

  /** Returns whether nothing more is to come. */
  boolean isReached(Tally.Count count) {
    return count.records() >= records && count.results() >= results;
  }

  /**
   * Returns normally if the results are those expected.
   *
   * @throws IllegalStateException if they are not
   */
  void require(String who, Tally.Count count) {
    if (!of(count).equals(this)) {
      throw new IllegalStateException(
          "%s found something else: %s, not %s".formatted(who, of(count), this));
    }
  }
}
