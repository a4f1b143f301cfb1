package org.beamtemplates.transforms.deliver.jdbc;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of tables and columns: those that need no thought about case, quotes and length. */
final class Identifiers {

  private static final Pattern LEGAL = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final String RULE =
      "lower-case letters, digits and underscores, 63 at most, not beginning with a digit";

  private Identifiers() {}

  /** Returns what is wrong with a table's name, {@code table} or {@code schema.table}. */
  static Optional<String> tableProblem(String name) {
    String[] parts = name.split("\\.", -1);
    boolean legal =
        parts.length <= 2 && Arrays.stream(parts).allMatch(part -> LEGAL.matcher(part).matches());
    return legal
        ? Optional.empty()
        : Optional.of(
            "is no legal name of a table; allowed are table and schema.table, each of " + RULE);
  }

  static String checked(String column) {
    if (!LEGAL.matcher(column).matches()) {
      throw new IllegalArgumentException(
          "'" + column + "' is no legal name of a column; allowed are " + RULE);
    }
    return column;
  }

  /** Quotes each part of a checked name, which may be a reserved word. */
  static String quoted(String name) {
    return Arrays.stream(name.split("\\.", -1))
        .map(part -> '"' + part + '"')
        .collect(Collectors.joining("."));
  }
}
