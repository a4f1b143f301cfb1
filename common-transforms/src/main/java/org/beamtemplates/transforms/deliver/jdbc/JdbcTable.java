package org.beamtemplates.transforms.deliver.jdbc;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A table that {@link JdbcDelivery} writes to: its columns, which of them are the key, and how a
 * value becomes a row. Two columns are added to those that are named: {@code revision} and {@code
 * run}, which order what is written to the same key. See {@link JdbcDelivery} for an example.
 *
 * @param <T> type of the values that become rows
 */
public final class JdbcTable<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  static final String REVISION = "revision";
  static final String RUN = "run";

  private final String name;
  private final List<Column<T>> keys;
  private final List<Column<T>> values;
  private final @Nullable SerializableFunction<T, Long> revision;

  private JdbcTable(
      String name,
      List<Column<T>> keys,
      List<Column<T>> values,
      @Nullable SerializableFunction<T, Long> revision) {
    this.name = name;
    this.keys = new ArrayList<>(keys);
    this.values = new ArrayList<>(values);
    this.revision = revision;
  }

  /**
   * Describes a table.
   *
   * @param name {@code table} or {@code schema.table}
   * @param keys columns of the primary key, one at least
   * @param values the other columns, without {@code revision} and {@code run}
   * @param revision of values with equal keys that one run of a job writes, the highest stays
   * @throws IllegalArgumentException if a name is not legal or used twice, or if there is no key
   */
  public static <T> JdbcTable<T> of(
      String name,
      List<Column<T>> keys,
      List<Column<T>> values,
      SerializableFunction<T, Long> revision) {
    requireNonNull(revision, "revision");
    return checked(name, keys, values, revision);
  }

  /**
   * Describes a table whose rows are never changed: of those with equal keys the first stays. No
   * columns are added to those that are named.
   */
  static <T> JdbcTable<T> insertOnly(String name, List<Column<T>> keys, List<Column<T>> values) {
    return checked(name, keys, values, null);
  }

  private static <T> JdbcTable<T> checked(
      String name,
      List<Column<T>> keys,
      List<Column<T>> values,
      @Nullable SerializableFunction<T, Long> revision) {
    nameProblem(name)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("'" + name + "' " + problem);
            });
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("Table " + name + " needs a key to be written by");
    }
    Set<String> names = new HashSet<>(Set.of(REVISION, RUN));
    for (Column<T> column : concat(keys, values)) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(
            "Table %s has column %s twice (%s and %s are added to those that are named)"
                .formatted(name, column.name(), REVISION, RUN));
      }
    }
    return new JdbcTable<>(name, keys, values, revision);
  }

  /**
   * Returns what is wrong with the name of a table, or empty if nothing is: a clause to be put
   * behind the name.
   */
  public static Optional<String> nameProblem(String name) {
    return Identifiers.tableProblem(name);
  }

  /** Returns the name, without quotes. */
  public String name() {
    return name;
  }

  /** Returns the statement that creates the table. */
  public String createTable() {
    StringBuilder sql = new StringBuilder("CREATE TABLE " + quotedName() + " (\n");
    keys.forEach(key -> sql.append(declaration(key)).append(" NOT NULL,\n"));
    values.forEach(value -> sql.append(declaration(value)).append(",\n"));
    for (String added : addedColumns()) {
      sql.append("  ").append(Identifiers.quoted(added)).append(" bigint NOT NULL,\n");
    }
    return sql.append("  PRIMARY KEY (").append(names(keys)).append(")\n);").toString();
  }

  List<Column<T>> keys() {
    return keys;
  }

  /** Returns all columns that a getter fills: keys first. */
  List<Column<T>> columns() {
    return concat(keys, values);
  }

  /** Returns the columns that order what is written to the same key, if that is ever changed. */
  List<String> addedColumns() {
    return revision == null ? List.of() : List.of(REVISION, RUN);
  }

  long revision(T value) {
    return revision == null ? 0 : revision.apply(value);
  }

  String quotedName() {
    return Identifiers.quoted(name);
  }

  /**
   * Returns the statement that writes any number of rows. Its parameters are the run, a number; and
   * arrays, one a column in the order of {@link #columns()}, and the revisions. So the text is the
   * same for every number of rows, and the server plans it once. Without revisions the arrays of
   * the columns are all.
   */
  String upsert() {
    List<Column<T>> columns = columns();
    List<String> arrays = new ArrayList<>();
    List<String> aliases = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    for (Column<T> column : columns) {
      String alias = "c" + aliases.size();
      aliases.add(alias);
      arrays.add("?::" + column.type().sent() + "[]");
      selected.add(column.type().received("r." + alias));
    }
    if (revision == null) {
      return "INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS r(%s) ON CONFLICT (%s) DO NOTHING"
          .formatted(
              quotedName(),
              names(columns),
              String.join(", ", selected),
              String.join(", ", arrays),
              String.join(", ", aliases),
              names(keys));
    }
    String all = names(columns) + ", " + Identifiers.quoted(REVISION) + ", " + quoted(RUN);
    return "INSERT INTO %s AS t (%s) SELECT %s, r.revision, ?::int8 FROM unnest(%s, ?::int8[]) AS r(%s, revision) ON CONFLICT (%s) DO UPDATE SET %s WHERE (excluded.%s, excluded.%s) >= (t.%s, t.%s)"
        .formatted(
            quotedName(),
            all,
            String.join(", ", selected),
            String.join(", ", arrays),
            String.join(", ", aliases),
            names(keys),
            assignments(),
            quoted(RUN),
            quoted(REVISION),
            quoted(RUN),
            quoted(REVISION));
  }

  private String assignments() {
    List<String> names = new ArrayList<>();
    values.forEach(value -> names.add(value.name()));
    names.add(REVISION);
    names.add(RUN);
    return names.stream()
        .map(column -> quoted(column) + " = excluded." + quoted(column))
        .collect(joining(", "));
  }

  private static String declaration(Column<?> column) {
    return "  " + quoted(column.name()) + " " + column.type().declared();
  }

  private static String names(List<? extends Column<?>> columns) {
    return columns.stream().map(column -> quoted(column.name())).collect(joining(", "));
  }

  private static String quoted(String column) {
    return Identifiers.quoted(column);
  }

  private static <T> List<Column<T>> concat(List<Column<T>> keys, List<Column<T>> values) {
    List<Column<T>> all = new ArrayList<>(keys);
    all.addAll(values);
    return all;
  }
}
