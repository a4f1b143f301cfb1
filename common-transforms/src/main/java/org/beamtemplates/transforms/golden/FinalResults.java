package org.beamtemplates.transforms.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.beamtemplates.transforms.golden.JsonLines.Line;

/**
 * The final result of each key: of all lines with equal key fields, the one with the highest
 * revision. The same line twice is no fault, as delivery may repeat itself; two that differ at the
 * same revision are.
 */
final class FinalResults {

  private static final String REVISION = "revision";

  private final ResultShape shape;
  private final Map<String, Line> byKey = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private FinalResults(ResultShape shape) {
    this.shape = shape;
  }

  static FinalResults of(JsonLines lines, ResultShape shape) {
    FinalResults results = new FinalResults(shape);
    results.faults.addAll(lines.faults());
    lines.lines().forEach(results::add);
    return results;
  }

  Map<String, Line> byKey() {
    return byKey;
  }

  List<String> faults() {
    return faults;
  }

  private void add(Line line) {
    List<String> absent = shape.absentKeyFields(line.object());
    if (!absent.isEmpty()) {
      faults.add(line.place() + ": no " + String.join(", ", absent));
      return;
    }
    String key = shape.key(line.object());
    Line earlier = byKey.get(key);
    int order = earlier == null ? 1 : Long.compare(revision(line), revision(earlier));
    if (order > 0) {
      byKey.put(key, line);
    } else if (order == 0 && !shape.differences(earlier.object(), line.object()).isEmpty()) {
      faults.add(
          line.place() + ": differs from " + earlier.place() + " with the same key and revision");
    }
  }

  private static long revision(Line line) {
    JsonNode revision = line.object().get(REVISION);
    return revision == null ? 0 : revision.asLong();
  }
}
