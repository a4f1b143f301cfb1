package org.beamtemplates.transforms.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedTest {

  private static final int DRAWS = 200_000;

  @Test
  void drawsEachNumberAsOftenAsItsWeightSays() {
    double[] shares = shares(Weighted.of(1, 0, 6, 3), 4);

    assertThat(shares).containsExactly(new double[] {0.1, 0, 0.6, 0.3}, within(0.005));
    assertThat(shares[1]).isZero();
  }

  @Test
  void followsZipfsLaw() {
    double[] shares = shares(Weighted.zipf(1_000, 1), 1_000);

    double harmonic = 7.485;
    assertThat(shares[0]).isCloseTo(1 / harmonic, within(0.005));
    assertThat(shares[1]).isCloseTo(1 / (2 * harmonic), within(0.005));
    assertThat(shares[9]).isCloseTo(1 / (10 * harmonic), within(0.003));
  }

  @Test
  void refusesWeightsThatMeanNothing() {
    assertThatThrownBy(() -> Weighted.of(1, -1)).hasMessageContaining("[1.0, -1.0]");
    assertThatThrownBy(() -> Weighted.of(0, 0)).hasMessageContaining("more than 0 together");
    assertThatThrownBy(() -> Weighted.of(1, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(Weighted::of).hasMessageContaining("[]");
  }

  private static double[] shares(Weighted weighted, int numbers) {
    SplittableRandom random = new SplittableRandom(11);
    double[] shares = new double[numbers];
    for (int i = 0; i < DRAWS; i++) {
      shares[weighted.draw(random)] += 1.0 / DRAWS;
    }
    return shares;
  }
}
