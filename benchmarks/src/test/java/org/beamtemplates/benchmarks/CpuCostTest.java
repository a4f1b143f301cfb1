package org.beamtemplates.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.beamtemplates.benchmarks.CpuCost.Sample;
import org.junit.jupiter.api.Test;

class CpuCostTest {

  @Test
  void leavesOutTheStartAndTheEnd() {
    CpuCost cost = new CpuCost(1_000);
    cost.add(sample(0, Duration.ofMillis(900)));
    cost.add(sample(100, Duration.ofMillis(1_900)));
    cost.add(sample(400, Duration.ofSeconds(2)));
    cost.add(sample(900, Duration.ofMillis(2_005)));
    cost.add(sample(1_000, Duration.ofSeconds(9)));

    assertThat(cost.microsPerRecord()).isCloseTo(10, within(1e-9));
  }

  @Test
  void tellsHowMuchWasReadInASecondOfTheSteadyState() {
    CpuCost cost = new CpuCost(1_000);
    cost.add(new Sample(400, Duration.ofSeconds(1), Duration.ofSeconds(5)));
    cost.add(new Sample(900, Duration.ofSeconds(2), Duration.ofSeconds(7)));
    cost.add(new Sample(1_000, Duration.ofSeconds(2), Duration.ofSeconds(100)));

    assertThat(cost.recordsPerSecond()).isCloseTo(250, within(1e-9));
  }

  @Test
  void countsAStatusOnceHoweverOftenItIsRead() {
    CpuCost cost = new CpuCost(1_000);
    cost.add(sample(500, Duration.ofMillis(10)));
    cost.add(sample(500, Duration.ofMillis(15)));
    cost.add(sample(900, Duration.ofMillis(18)));

    assertThat(cost.microsPerRecord()).isCloseTo(20, within(1e-9));
  }

  @Test
  void saysThatThereWasTooLittleToMeasure() {
    CpuCost cost = new CpuCost(1_000);
    cost.add(sample(500, Duration.ofMillis(10)));

    assertThatThrownBy(cost::microsPerRecord).hasMessageContaining("more records");
  }

  @Test
  void tellsTheMedianOfPairsAndTheirRange() {
    Ratio ratio = new Ratio("a", "b");
    ratio.add(2, 1);
    ratio.add(3, 1);
    ratio.add(20, 2);

    assertThat(ratio.median()).isEqualTo(3);
    assertThat(ratio.row())
        .isEqualTo("| a : b | 3.0 (2.0–20.0) | 1.0 (1.0–2.0) | **3.00 (2.00–10.00)** |");
  }

  private static Sample sample(long records, Duration cpu) {
    return new Sample(records, cpu, Duration.ofSeconds(records));
  }
}
