package org.beamtemplates.transforms.deliver.jdbc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.beamtemplates.transforms.codec.EncodeException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * A value on its way into the table.
 *
 * @param key values of the key columns
 * @param columns values of all columns that getters fill, null for NULL
 * @param superseded what this row replaces in its batch, which counts again if this one is refused
 */
record Row<T>(
    List<Comparable<Object>> key,
    List<@Nullable Object> columns,
    long revision,
    T value,
    Instant timestamp,
    BoundedWindow window,
    @Nullable Row<T> superseded) {

  /**
   * The same order for all workers: two that write the same rows wait, but never for each other.
   */
  static final Comparator<Row<?>> BY_KEY = (a, b) -> compare(a.key, b.key);

  /**
   * Takes a value apart.
   *
   * @throws EncodeException if no database can hold one of its columns
   */
  static <T> Row<T> of(JdbcTable<T> table, T value, Instant timestamp, BoundedWindow window)
      throws EncodeException {
    List<@Nullable Object> columns = new ArrayList<>(table.columns().size());
    for (Column<T> column : table.columns()) {
      columns.add(read(column, value));
    }
    List<Comparable<Object>> key = new ArrayList<>(table.keys().size());
    for (int i = 0; i < table.keys().size(); i++) {
      key.add(comparable(table.keys().get(i), columns.get(i)));
    }
    return new Row<>(key, columns, revision(table, value), value, timestamp, window, null);
  }

  private static <T> long revision(JdbcTable<T> table, T value) throws EncodeException {
    try {
      return table.revision(value);
    } catch (RuntimeException e) {
      throw new EncodeException("the revision cannot be read: " + e, e);
    }
  }

  Row<T> superseding(Row<T> other) {
    return new Row<>(key, columns, revision, value, timestamp, window, other);
  }

  /** Returns how many values this row stands for. */
  int weight() {
    int weight = 0;
    for (Row<T> row = this; row != null; row = row.superseded) {
      weight++;
    }
    return weight;
  }

  private static <T> @Nullable Object read(Column<T> column, T value) throws EncodeException {
    Object read;
    try {
      read = column.of(value);
    } catch (RuntimeException e) {
      throw new EncodeException("column " + column.name() + " cannot be read: " + e, e);
    }
    if (read instanceof String text) {
      String problem = problem(text);
      if (problem != null) {
        throw new EncodeException("column " + column.name() + " " + problem);
      }
    }
    return read;
  }

  @SuppressWarnings("unchecked") // Every type that a getter can have is comparable to itself.
  private static Comparable<Object> comparable(Column<?> column, @Nullable Object value)
      throws EncodeException {
    if (value == null) {
      throw new EncodeException("column " + column.name() + " is null, but part of the key");
    }
    return (Comparable<Object>) value;
  }

  /** PostgreSQL keeps no NUL; a surrogate alone would silently become a question mark. */
  static @Nullable String problem(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return "contains the character U+0000, which PostgreSQL cannot store";
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return "contains half of a surrogate pair, which is no character";
        }
        i++;
      }
    }
    return null;
  }

  private static int compare(List<Comparable<Object>> a, List<Comparable<Object>> b) {
    for (int i = 0; i < a.size(); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
