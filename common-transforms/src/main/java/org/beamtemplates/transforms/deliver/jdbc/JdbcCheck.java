package org.beamtemplates.transforms.deliver.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Looks at a database before a launch: does it answer, is the table there, can rows be written to
 * it. Nothing is changed.
 */
public final class JdbcCheck {

  private static final String COLUMNS =
      """
      SELECT attname, format_type(atttypid, atttypmod), attnotnull AND NOT atthasdef AND attidentity = ''
      FROM pg_attribute
      WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped
      """;

  /** The columns of each unique index that can tell a conflict. */
  private static final String UNIQUE_KEYS =
      """
      SELECT array_to_string(ARRAY(
        SELECT attname FROM pg_attribute
        WHERE attrelid = indrelid AND attnum = ANY(string_to_array(indkey::text, ' ')::int2[])), ',')
      FROM pg_index
      WHERE indrelid = to_regclass(?) AND indisunique AND indimmediate AND indisvalid AND indpred IS NULL AND indexprs IS NULL
        AND indnkeyatts = indnatts
      """;

  private static final String MAY_WRITE =
      """
      SELECT has_table_privilege(to_regclass(?), 'SELECT')
        AND has_table_privilege(to_regclass(?), 'INSERT')
        AND has_table_privilege(to_regclass(?), 'UPDATE')
      """;

  private final @Nullable String databaseProblem;
  private final @Nullable String tableProblem;

  private JdbcCheck(@Nullable String databaseProblem, @Nullable String tableProblem) {
    this.databaseProblem = databaseProblem;
    this.tableProblem = tableProblem;
  }

  /**
   * Asks the database; {@code timeout} is for the connection, and then for each of four answers.
   */
  public static JdbcCheck of(JdbcConnection database, JdbcTable<?> table, Duration timeout) {
    try (Connection connection = database.open(timeout, timeout)) {
      return new JdbcCheck(null, problem(connection, table));
    } catch (SQLException e) {
      return new JdbcCheck(
          "does not answer, or refuses: " + e.getMessage() + " (SQLSTATE " + e.getSQLState() + ")",
          null);
    } catch (IllegalStateException noSecret) {
      return new JdbcCheck("cannot be asked: " + noSecret.getMessage(), null);
    }
  }

  /** Returns why the database cannot be used, or empty if it answers. */
  public Optional<String> databaseProblem() {
    return Optional.ofNullable(databaseProblem);
  }

  /**
   * Returns what is wrong with the table, with the statement that creates a right one, or empty if
   * it can be written.
   */
  public Optional<String> tableProblem() {
    return Optional.ofNullable(tableProblem);
  }

  private static @Nullable String problem(Connection connection, JdbcTable<?> table)
      throws SQLException {
    Map<String, FoundColumn> found = columns(connection, table);
    if (found.isEmpty()) {
      return "does not exist; create it, or name another:\n" + table.createTable();
    }
    List<String> faults = new ArrayList<>();
    Set<String> ours = new TreeSet<>(table.addedColumns());
    for (Column<?> column : table.columns()) {
      ours.add(column.name());
      compare(column.name(), column.type(), found, faults);
    }
    table.addedColumns().forEach(added -> compare(added, SqlType.BIGINT, found, faults));
    found.forEach(
        (name, column) -> {
          if (column.required() && !ours.contains(name)) {
            faults.add("column " + name + " must be filled, but nothing is written to it");
          }
        });
    Set<String> key = table.keys().stream().map(Column::name).collect(Collectors.toSet());
    if (faults.isEmpty() && !uniqueKeys(connection, table).contains(key)) {
      faults.add("there is no primary key (" + names(table) + ")");
    }
    if (faults.isEmpty() && !mayWrite(connection, table)) {
      faults.add("the user may not SELECT, INSERT and UPDATE it");
    }
    return faults.isEmpty()
        ? null
        : "cannot be written: "
            + String.join("; ", faults)
            + ". It should look like this:\n"
            + table.createTable();
  }

  private record FoundColumn(String type, boolean required) {}

  private static void compare(
      String name, SqlType type, Map<String, FoundColumn> found, List<String> faults) {
    FoundColumn column = found.get(name);
    if (column == null) {
      faults.add("there is no column " + name);
    } else if (!type.fits(column.type())) {
      faults.add("column " + name + " is " + column.type() + " and not " + type.declared());
    }
  }

  private static Map<String, FoundColumn> columns(Connection connection, JdbcTable<?> table)
      throws SQLException {
    Map<String, FoundColumn> found = new LinkedHashMap<>();
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, table.quotedName());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), new FoundColumn(rows.getString(2), rows.getBoolean(3)));
        }
      }
    }
    return found;
  }

  private static Set<Set<String>> uniqueKeys(Connection connection, JdbcTable<?> table)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(UNIQUE_KEYS)) {
      query.setString(1, table.quotedName());
      try (ResultSet rows = query.executeQuery()) {
        Set<Set<String>> keys = new HashSet<>();
        while (rows.next()) {
          keys.add(Set.of(rows.getString(1).split(",", -1)));
        }
        return keys;
      }
    }
  }

  private static boolean mayWrite(Connection connection, JdbcTable<?> table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(MAY_WRITE)) {
      for (int parameter = 1; parameter <= 3; parameter++) {
        query.setString(parameter, table.quotedName());
      }
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private static String names(JdbcTable<?> table) {
    return table.keys().stream().map(Column::name).collect(Collectors.joining(", "));
  }
}
