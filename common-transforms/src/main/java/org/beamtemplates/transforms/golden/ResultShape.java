package org.beamtemplates.transforms.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which fields of a result identify it, and which do not matter.
 *
 * @param key fields that identify a result
 * @param compared whether a field is compared
 */
record ResultShape(List<String> key, Predicate<String> compared) {

  ResultShape {
    key = List.copyOf(key);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("Results need at least one key field");
    }
  }

  List<String> absentKeyFields(JsonNode result) {
    return key.stream().filter(field -> !result.has(field)).toList();
  }

  /** Returns the key for people to read, such as {@code category=books country=DE}. */
  String key(JsonNode result) {
    StringBuilder text = new StringBuilder();
    for (String field : key) {
      text.append(text.isEmpty() ? "" : " ").append(field).append('=').append(result.get(field));
    }
    return text.toString();
  }

  /** Returns one text a field that differs, in order of the fields. */
  List<String> differences(JsonNode expected, JsonNode actual) {
    Set<String> fields = new TreeSet<>();
    expected.fieldNames().forEachRemaining(fields::add);
    actual.fieldNames().forEachRemaining(fields::add);
    fields.removeIf(compared.negate());
    List<String> differences = new ArrayList<>();
    for (String field : fields) {
      JsonNode wanted = expected.get(field);
      JsonNode found = actual.get(field);
      if (wanted == null || found == null || !wanted.equals(ResultShape::compare, found)) {
        differences.add(field + ": expected " + show(wanted) + " but found " + show(found));
      }
    }
    return differences;
  }

  private static String show(JsonNode value) {
    return value == null ? "nothing" : value.toString();
  }

  /** Numbers are equal if their values are, exactly: 1 and 1.0, but not 0.1 and 0.10000000001. */
  private static int compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }
}
