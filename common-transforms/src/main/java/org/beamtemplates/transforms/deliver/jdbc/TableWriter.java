package org.beamtemplates.transforms.deliver.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.beamtemplates.transforms.retry.AwayException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows, each call in a transaction of its own. Connects when there is something to write,
 * keeps the connection, and makes a new one after a failure that may have broken it.
 */
final class TableWriter<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

  private final JdbcConnection database;
  private final JdbcTable<T> table;
  private final long run;
  private @Nullable Connection connection;
  private @Nullable PreparedStatement upsert;

  TableWriter(JdbcConnection database, JdbcTable<T> table, long run) {
    this.database = database;
    this.table = table;
    this.run = run;
  }

  /**
   * Writes all rows or none; writing them again changes nothing.
   *
   * @throws RowsRefusedException if one of them can never be written
   * @throws AwayException if the database takes nothing now
   * @throws IllegalStateException if the table is not as described
   */
  void write(List<Row<T>> rows) throws RowsRefusedException, AwayException {
    connect();
    try {
      PreparedStatement statement = statement();
      bind(statement, rows);
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!SqlFailure.keepsConnection(e)) {
        close();
      }
      switch (SqlFailure.of(e)) {
        case ROW -> throw new RowsRefusedException(e);
        case TABLE -> throw new IllegalStateException(explain(e), e);
        case AWAY -> throw away(e);
      }
    }
  }

  /** Closes the connection, if there is one. The next write makes another. */
  @Override
  public void close() {
    try (Connection closing = connection) {
      connection = null;
      upsert = null;
    } catch (SQLException e) {
      LOG.debug("A connection to {} that is not needed any more did not close", database, e);
    }
  }

  /** Whatever the database says here, the rows are not to blame. */
  private void connect() throws AwayException {
    if (connection == null) {
      try {
        connection = database.open();
      } catch (SQLException e) {
        throw away(e);
      }
    }
  }

  private static AwayException away(SQLException e) {
    return new AwayException(
        "takes no rows (" + e.getMessage() + ", SQLSTATE " + e.getSQLState() + ")", e);
  }

  private PreparedStatement statement() throws SQLException {
    if (upsert == null) {
      // Autocommit: the one statement is the transaction, and costs one round trip.
      upsert = connection.prepareStatement(table.upsert());
    }
    return upsert;
  }

  private void bind(PreparedStatement statement, List<Row<T>> rows) throws SQLException {
    List<Column<T>> columns = table.columns();
    int parameter = 1;
    boolean revised = !table.addedColumns().isEmpty();
    if (revised) {
      statement.setLong(parameter++, run);
    }
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      SqlType type = columns.get(i).type();
      // The driver sends bytes as they are if the array says that it holds some.
      Object[] values =
          rows.stream()
              .map(row -> row.columns().get(column))
              .toArray(type == SqlType.BYTEA ? byte[][]::new : Object[]::new);
      statement.setArray(parameter++, array(type.sent(), values));
    }
    if (revised) {
      Object[] revisions = rows.stream().map(Row::revision).toArray();
      statement.setArray(parameter, array("int8", revisions));
    }
  }

  private Array array(String type, Object[] values) throws SQLException {
    return statement().getConnection().createArrayOf(type, values);
  }

  private String explain(SQLException error) {
    return "Table %s of %s cannot be written: %s (SQLSTATE %s). It must be there, may be written by the user, and looks like this:\n%s"
        .formatted(
            table.name(), database, error.getMessage(), error.getSQLState(), table.createTable());
  }
}
