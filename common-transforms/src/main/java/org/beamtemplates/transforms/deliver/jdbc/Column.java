package org.beamtemplates.transforms.deliver.jdbc;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A column of a {@link JdbcTable}: its name, its SQL type, and how it gets its value. A getter may
 * return null for NULL, except in a key.
 *
 * @param <T> type of the values that become rows
 */
public final class Column<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final SqlType type;
  private final SerializableFunction<T, ?> getter;

  private Column(String name, SqlType type, SerializableFunction<T, ?> getter) {
    this.name = Identifiers.checked(name);
    this.type = type;
    this.getter = requireNonNull(getter, "getter");
  }

  /** A column of type {@code text}. */
  public static <T> Column<T> text(String name, SerializableFunction<T, String> getter) {
    return new Column<>(name, SqlType.TEXT, getter);
  }

  /** A column of type {@code bigint}. */
  public static <T> Column<T> bigint(String name, SerializableFunction<T, Long> getter) {
    return new Column<>(name, SqlType.BIGINT, getter);
  }

  /** A column of type {@code double precision}. */
  public static <T> Column<T> doublePrecision(String name, SerializableFunction<T, Double> getter) {
    return new Column<>(name, SqlType.DOUBLE, getter);
  }

  /** A column of type {@code boolean}. */
  public static <T> Column<T> bool(String name, SerializableFunction<T, Boolean> getter) {
    return new Column<>(name, SqlType.BOOLEAN, getter);
  }

  /** A column of type {@code bytea}. */
  public static <T> Column<T> bytes(String name, SerializableFunction<T, byte[]> getter) {
    return new Column<>(name, SqlType.BYTEA, getter);
  }

  /** A column of type {@code timestamptz}, from milliseconds since 1970-01-01T00:00:00Z. */
  public static <T> Column<T> timestamp(String name, SerializableFunction<T, Long> millis) {
    return new Column<>(name, SqlType.TIMESTAMPTZ, millis);
  }

  /** A column of type {@code jsonb}, from JSON as text. */
  public static <T> Column<T> json(String name, SerializableFunction<T, String> getter) {
    return new Column<>(name, SqlType.JSONB, getter);
  }

  /** Returns the name, as it is written in the table. */
  public String name() {
    return name;
  }

  SqlType type() {
    return type;
  }

  @Nullable Object of(T value) {
    return getter.apply(value);
  }
}
