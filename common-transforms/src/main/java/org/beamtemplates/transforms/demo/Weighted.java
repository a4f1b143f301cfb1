package org.beamtemplates.transforms.demo;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * Draws numbers from 0, each as often as its weight says. A draw costs the same for any number of
 * them: one random number, one comparison (M. D. Vose, <em>A linear algorithm for generating random
 * numbers with a given distribution</em>, IEEE Transactions on Software Engineering 17(9), 1991).
 */
public final class Weighted {

  /** How much of its own column each number keeps; the rest belongs to its alias. */
  private final double[] kept;

  private final int[] alias;

  private Weighted(double[] kept, int[] alias) {
    this.kept = kept;
    this.alias = alias;
  }

  /** Weights of 0, 1, 2, …; they need not add up to anything, but to more than 0. */
  public static Weighted of(double... weights) {
    double sum = Arrays.stream(weights).sum();
    if (!(sum > 0) || Double.isInfinite(sum) || Arrays.stream(weights).anyMatch(w -> !(w >= 0))) {
      throw new IllegalArgumentException(
          "weights are 0 at least and more than 0 together, not " + Arrays.toString(weights));
    }
    int count = weights.length;
    double[] kept = new double[count];
    int[] alias = new int[count];
    Deque<Integer> small = new ArrayDeque<>();
    Deque<Integer> large = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      kept[i] = weights[i] * count / sum;
      alias[i] = i;
      (kept[i] < 1 ? small : large).add(i);
    }
    while (!small.isEmpty() && !large.isEmpty()) {
      int poor = small.remove();
      int rich = large.remove();
      alias[poor] = rich;
      kept[rich] -= 1 - kept[poor];
      (kept[rich] < 1 ? small : large).add(rich);
    }
    // What is left has a full column; only rounding says otherwise.
    small.forEach(i -> kept[i] = 1);
    large.forEach(i -> kept[i] = 1);
    return new Weighted(kept, alias);
  }

  /**
   * Zipf's law: number {@code i} comes with a weight of {@code 1 / (i + 1)^exponent}. With an
   * exponent of 0 all are alike; around 1 is usual for pages and users.
   */
  public static Weighted zipf(int count, double exponent) {
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = 1 / Math.pow(i + 1.0, exponent);
    }
    return of(weights);
  }

  /** Returns one of the numbers. */
  public int draw(RandomGenerator random) {
    double place = random.nextDouble() * kept.length;
    int column = (int) place;
    return place - column < kept[column] ? column : alias[column];
  }
}
