package org.beamtemplates.pipelines.realtimeanalytics.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatisticsTableTest {

  @Test
  void writesMoneyInTheUnitsOfItsCurrency() {
    assertThat(StatisticsTable.money("{\"EUR\": 12345, \"JPY\": 700}"))
        .isEqualTo("123.45 EUR, 700 JPY");
    assertThat(StatisticsTable.money("{\"USD\": -5}")).isEqualTo("-0.05 USD");
    assertThat(StatisticsTable.money("{}")).isEmpty();
  }
}
