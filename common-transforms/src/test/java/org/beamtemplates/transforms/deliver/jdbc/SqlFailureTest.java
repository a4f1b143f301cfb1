package org.beamtemplates.transforms.deliver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {

  @ParameterizedTest
  @CsvSource({
    "21000, ROW, true",
    "22003, ROW, true",
    "22P05, ROW, true",
    "23502, ROW, true",
    "23514, ROW, true",
    "54000, ROW, true",
    "P0001, ROW, true",
    "P0004, ROW, true",
    "44000, ROW, true",
    "08001, AWAY, false",
    "08006, AWAY, false",
    "25006, AWAY, false",
    "28P01, AWAY, false",
    "40001, AWAY, true",
    "40P01, AWAY, true",
    "53300, AWAY, false",
    "55P03, AWAY, true",
    "57P01, AWAY, false",
    "57P03, AWAY, false",
    "XX000, AWAY, false",
    ", AWAY, false",
    "42P01, TABLE, false",
    "42703, TABLE, false",
    "42501, TABLE, false",
    "42P10, TABLE, false",
    "3F000, TABLE, false",
    "0A000, TABLE, false",
    "55000, TABLE, true",
  })
  void buriesOnlyWhatTheRowIsToBlameFor(String state, SqlFailure meaning, boolean keepsConnection) {
    SQLException error = new SQLException("because", state);

    assertThat(SqlFailure.of(error)).isEqualTo(meaning);
    assertThat(SqlFailure.keepsConnection(error)).isEqualTo(keepsConnection);
  }
}
