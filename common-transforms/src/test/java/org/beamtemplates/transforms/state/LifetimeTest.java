package org.beamtemplates.transforms.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LifetimeTest {

  @Test
  void sweepsFourTimesWhileAnEntryIsKept() {
    Lifetime lifetime = new Lifetime(100, 700);

    assertThat(lifetime.endsAt(new Entry<>("state", 1_000))).isEqualTo(1_801);
    assertThat(lifetime.sweeps().at(1_801)).isEqualTo(2_000);
    assertThat(lifetime.sweeps().at(1_799)).isEqualTo(1_800);
  }
}
