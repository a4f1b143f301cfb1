package org.beamtemplates.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.avro.Schema;

/**
 * The rules of evolution: what the current schemas may be, given the released ones.
 *
 * <p>Any version has to read what any other has written, because producers, pipelines and readers
 * of dead letters are upgraded at different times.
 */
final class SchemaHistory {

  private SchemaHistory() {}

  /**
   * Returns what breaks; empty if nothing does.
   *
   * @param current schemas by name
   * @param released schemas by name, by version
   */
  static List<String> problems(
      Map<String, Schema> current, SortedMap<String, ? extends Map<String, Schema>> released) {
    List<String> problems = new ArrayList<>();
    released.forEach(
        (version, baseline) ->
            baseline.forEach(
                (name, old) -> {
                  Schema now = current.get(name);
                  if (now == null) {
                    problems.add(
                        name + ": was released in " + version + " and must not be deleted");
                    return;
                  }
                  breaks(now, old)
                      .forEach(
                          found ->
                              problems.add(
                                  name
                                      + ": the current schema cannot read data of version "
                                      + version
                                      + ": "
                                      + found));
                  breaks(old, now)
                      .forEach(
                          found ->
                              problems.add(
                                  name
                                      + ": version "
                                      + version
                                      + " cannot read data of the current schema: "
                                      + found));
                }));
    return problems;
  }

  /** Returns every record and field, by path, that does not say what it means. */
  static List<String> undocumented(Schema schema) {
    List<String> found = new ArrayList<>();
    collectUndocumented(schema, found);
    return found;
  }

  private static List<Incompatibility> breaks(Schema reader, Schema writer) {
    return Incompatibility.between(reader, writer);
  }

  private static void collectUndocumented(Schema schema, List<String> found) {
    switch (schema.getType()) {
      case RECORD -> {
        requireDoc(schema.getName(), schema.getDoc(), found);
        for (Schema.Field field : schema.getFields()) {
          requireDoc(schema.getName() + "." + field.name(), field.doc(), found);
          collectUndocumented(field.schema(), found);
        }
      }
      case ENUM, FIXED -> requireDoc(schema.getName(), schema.getDoc(), found);
      case ARRAY -> collectUndocumented(schema.getElementType(), found);
      case MAP -> collectUndocumented(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(branch -> collectUndocumented(branch, found));
      default -> {}
    }
  }

  private static void requireDoc(String name, String doc, List<String> found) {
    if (doc == null || doc.isBlank()) {
      found.add(name);
    }
  }
}
