package org.beamtemplates.transforms.deliver.jdbc;

import java.sql.SQLException;

/** What a failed statement means, by the class of its SQLSTATE. */
enum SqlFailure {
  /** At least one row can never be written as it is. */
  ROW,
  /** Nothing is wrong with the rows: the database is away, busy, or has preferred another. */
  AWAY,
  /** The table is not what it should be, or may not be written: somebody has to change it. */
  TABLE;

  private static final String TOO_LARGE = "54000";
  private static final String NOT_IN_STATE = "55000";

  static SqlFailure of(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() != 5) {
      return AWAY;
    }
    // 21: two rows are one to the database; 22: the value does not fit its type; 23 and 44: a
    // constraint or a view refuses it; P0: a trigger has raised an exception.
    if (state.startsWith("21")
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("44")
        || state.startsWith("P0")
        || state.equals(TOO_LARGE)) {
      return ROW;
    }
    // 42: no such table or column, no permission, no unique index of the key; 3F: no such schema;
    // 0A and 55000: not with this kind of table or index.
    if (state.startsWith("42")
        || state.startsWith("3F")
        || state.startsWith("0A")
        || state.equals(NOT_IN_STATE)) {
      return TABLE;
    }
    return AWAY;
  }

  /** Whether the connection is still good: its transaction alone has failed. */
  static boolean keepsConnection(SQLException error) {
    String state = error.getSQLState();
    return state != null && (of(error) == ROW || state.startsWith("40") || state.startsWith("55"));
  }
}
