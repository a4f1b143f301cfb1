package org.beamtemplates.schemas;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * One reason why data written with one schema cannot be read with another, in words for the owner
 * of the schema.
 *
 * @param field the field of the reader's schema, such as {@code headers[].value}; empty if the
 *     schema as a whole is meant
 * @param reason what does not fit
 */
public record Incompatibility(String field, String reason) {

  public Incompatibility {
    requireNonNull(field, "field");
    requireNonNull(reason, "reason");
  }

  /**
   * Returns the reasons why data written with {@code writer} cannot be read with {@code reader};
   * empty if it can. {@link SchemaCompatibility} decides; the fields are looked up here, because it
   * does not name those that were written as a union.
   */
  public static List<Incompatibility> between(Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
      return List.of();
    }
    List<Incompatibility> found = IncompatibilitySearch.between(reader, writer);
    return found.isEmpty()
        ? List.of(new Incompatibility("", result.getResult().getIncompatibilities().toString()))
        : found;
  }

  @Override
  public String toString() {
    return field.isEmpty() ? reason : "field " + field + ": " + reason;
  }
}
