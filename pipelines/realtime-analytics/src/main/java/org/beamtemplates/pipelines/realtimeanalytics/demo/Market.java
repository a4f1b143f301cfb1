package org.beamtemplates.pipelines.realtimeanalytics.demo;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.beamtemplates.transforms.demo.Weighted;

/** Where visitors come from, how slow the way to them is, and how they pay. */
enum Market {
  US(28, "USD", 1.0, 5_900),
  DE(22, "EUR", 1.1, 4_900),
  GB(14, "GBP", 1.0, 4_200),
  FR(12, "EUR", 1.1, 5_200),
  JP(9, "JPY", 1.6, 7_800),
  BR(8, "BRL", 1.9, 21_000),
  IN(5, "INR", 2.3, 180_000),
  /** Unknown, in the words of the schema. */
  ZZ(2, "USD", 1.5, 5_900);

  private static final Market[] ALL = values();
  private static final Weighted WEIGHTS =
      Weighted.of(Arrays.stream(ALL).mapToDouble(market -> market.weight).toArray());

  private final double weight;
  private final String currency;
  private final double slowness;
  private final double medianOrderMinor;

  Market(double weight, String currency, double slowness, double medianOrderMinor) {
    this.weight = weight;
    this.currency = currency;
    this.slowness = slowness;
    this.medianOrderMinor = medianOrderMinor;
  }

  /** Returns a market, as often as it has visitors. */
  static Market draw(RandomGenerator random) {
    return ALL[WEIGHTS.draw(random)];
  }

  String currency() {
    return currency;
  }

  /** Returns by what factor a page takes longer to load than nearby. */
  double slowness() {
    return slowness;
  }

  /** Returns the median of what an order is worth, in minor units of the currency. */
  double medianOrderMinor() {
    return medianOrderMinor;
  }
}
