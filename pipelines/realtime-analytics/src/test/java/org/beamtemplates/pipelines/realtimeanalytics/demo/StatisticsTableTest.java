package org.beamtemplates.pipelines.realtimeanalytics.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.beamtemplates.services.LocalPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatisticsTableTest {

  private static LocalPostgres postgres;

  private final StatisticsTable table = new StatisticsTable("page_statistics");

  @BeforeAll
  static void fill() {
    postgres = LocalPostgres.start();
    postgres.execute(new StatisticsTable("page_statistics").create());
    postgres.execute(
        """
        insert into page_statistics values
          ('2026-03-01T12:00:00Z', '2026-03-01T12:01:00Z', 'bags', 'FR', 40, 30, 210, 480, 700,
            '{"EUR": 12345}', '[]', 'ON_TIME', 2, 1),
          ('2026-03-01T12:00:00Z', '2026-03-01T12:01:00Z', 'bags', 'JP', 41, 31, 310, 580, 800,
            '{"JPY": 700}', '[]', 'LATE', 3, 1),
          ('2026-03-01T12:01:00Z', '2026-03-01T12:02:00Z', 'kids', 'US', 7, 6, 110, 120, 130,
            '{}', '[]', 'EARLY', 0, 1)
        """);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void countsTheEventsOfCompleteWindowsAlone() throws SQLException {
    try (Connection connection = postgres.connect()) {
      assertThat(table.finalCounts(connection))
          .isEqualTo(
              Map.of("2026-03-01T12:00:00Z bags FR", 40L, "2026-03-01T12:00:00Z bags JP", 41L));
    }
  }

  @Test
  void showsTheNewestFirst() throws SQLException {
    try (Connection connection = postgres.connect()) {
      assertThat(table.newest(connection, 2))
          .containsExactly(
              List.of("12:01", "kids", "US", "7", "6", "110", "120", "", "EARLY 0"),
              List.of("12:00", "bags", "JP", "41", "31", "310", "580", "700 JPY", "LATE 3"));
      assertThat(table.newest(connection, 9))
          .hasSize(3)
          .allMatch(row -> row.size() == table.columns().size());
    }
  }

  @Test
  void writesMoneyInTheUnitsOfItsCurrency() {
    assertThat(StatisticsTable.money("{\"EUR\": 12345, \"JPY\": 700}"))
        .isEqualTo("123.45 EUR, 700 JPY");
    assertThat(StatisticsTable.money("{\"USD\": -5}")).isEqualTo("-0.05 USD");
    assertThat(StatisticsTable.money("{}")).isEmpty();
  }
}
