package org.beamtemplates.transforms.deliver.jdbc;

/** The types of columns: as they are declared, as they are sent, and as the catalog calls them. */
enum SqlType {
  TEXT("text", "text", "text"),
  BIGINT("bigint", "int8", "bigint"),
  DOUBLE("double precision", "float8", "double precision"),
  BOOLEAN("boolean", "bool", "boolean"),
  BYTEA("bytea", "bytea", "bytea"),
  /** Sent as milliseconds: half the bytes of a timestamp's text, and nobody has to parse it. */
  TIMESTAMPTZ("timestamptz", "int8", "timestamp with time zone"),
  /** Sent as text, because the driver has no binary form of it. */
  JSONB("jsonb", "text", "jsonb");

  private final String declared;
  private final String sent;
  private final String catalog;

  SqlType(String declared, String sent, String catalog) {
    this.declared = declared;
    this.sent = sent;
    this.catalog = catalog;
  }

  /** Returns the type in CREATE TABLE. */
  String declared() {
    return declared;
  }

  /** Returns the type of a parameter's elements. */
  String sent() {
    return sent;
  }

  /** Returns whether a column that the catalog says to be of some type takes these values. */
  boolean fits(String catalogType) {
    return catalogType.equals(catalog) || (this == TEXT && catalogType.equals("character varying"));
  }

  /** Returns the expression that makes a value of what was sent. */
  String received(String parameter) {
    return switch (this) {
      case TIMESTAMPTZ -> "timestamptz 'epoch' + " + parameter + " * interval '1 millisecond'";
      case JSONB -> parameter + "::jsonb";
      default -> parameter;
    };
  }
}
