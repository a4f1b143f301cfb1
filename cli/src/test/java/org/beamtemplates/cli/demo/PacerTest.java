package org.beamtemplates.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacerTest {

  @Test
  void recordsAreDueEvenly() {
    Pacer pacer = new Pacer(2_000);

    assertThat(pacer.due(0)).isZero();
    assertThat(pacer.due(millis(5))).isEqualTo(10);
    assertThat(pacer.due(millis(5))).as("once only").isZero();
    assertThat(pacer.due(millis(10))).isEqualTo(10);
  }

  @Test
  void slowRatesKeepTheirFractions() {
    Pacer pacer = new Pacer(3);
    int sent = 0;
    for (int tick = 1; tick <= 2_000; tick++) {
      int due = pacer.due(millis(tick * 5L));
      assertThat(due).isBetween(0, 1);
      sent += due;
    }

    assertThat(sent).as("in 10 s").isEqualTo(30);
  }

  @Test
  void aPauseIsMadeUpForInSmallBursts() {
    Pacer pacer = new Pacer(1_000);

    assertThat(pacer.due(millis(1_000))).as("50 ms at most").isEqualTo(50);
    assertThat(pacer.due(millis(1_005))).isEqualTo(50);
    long nanos = millis(1_005);
    int sent = 100;
    while (sent < nanos / millis(1)) {
      nanos += millis(5);
      sent += pacer.due(nanos);
    }
    assertThat(pacer.due(nanos)).as("caught up").isZero();
    assertThat(pacer.due(nanos + millis(10))).isEqualTo(10);
  }

  @Test
  void anHourAtTheHighestRateDoesNotOverflow() {
    Pacer pacer = new Pacer(100_000);
    long sent = 0;
    for (long ms = 20; ms <= 3_600_000; ms += 20) {
      sent += pacer.due(millis(ms));
    }

    assertThat(sent).isEqualTo(360_000_000);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
