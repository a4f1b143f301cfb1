package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.beamtemplates.transforms.demo.Weighted;

/** A category of the shop with its pages, of which few are viewed very often. */
enum Shelf {
  SHOES(25, 0.035),
  JACKETS(18, 0.030),
  DRESSES(16, 0.028),
  BAGS(13, 0.024),
  KIDS(11, 0.040),
  SPORTS(10, 0.022),
  SALE(7, 0.060);

  private static final Shelf[] ALL = values();
  private static final Weighted WEIGHTS =
      Weighted.of(Arrays.stream(ALL).mapToDouble(shelf -> shelf.weight).toArray());
  private static final int FIRST_PAGE = 1_000;
  private static final Weighted PAGE_WEIGHTS = Weighted.zipf(300, 1.0);

  private final double weight;
  private final double orders;
  private final String category = name().toLowerCase(Locale.ROOT);

  Shelf(double weight, double orders) {
    this.weight = weight;
    this.orders = orders;
  }

  /** Returns a shelf, as often as it is viewed. */
  static Shelf draw(RandomGenerator random) {
    return ALL[WEIGHTS.draw(random)];
  }

  String category() {
    return category;
  }

  /** Returns the path of a page, as often as it is viewed. */
  String drawPage(RandomGenerator random) {
    return "/" + category + "/" + (FIRST_PAGE + PAGE_WEIGHTS.draw(random));
  }

  /** Returns whether a view ends in an order. */
  boolean drawOrder(RandomGenerator random) {
    return random.nextDouble() < orders;
  }
}
