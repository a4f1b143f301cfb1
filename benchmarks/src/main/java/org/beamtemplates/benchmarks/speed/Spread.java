package org.beamtemplates.benchmarks.speed;

import java.util.List;
import java.util.Locale;

/**
 * A figure that was measured several times.
 *
 * @param median the middle one
 * @param least of all
 * @param most of all
 */
record Spread(double median, double least, double most) {

  /**
   * Of all measurements.
   *
   * @throws IllegalArgumentException if there are none
   */
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** Returns the median and the range, or the median alone if there is no other. */
  @Override
  public String toString() {
    return least == most
        ? String.format(Locale.ROOT, "%.2f", median)
        : String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median, least, most);
  }
}
