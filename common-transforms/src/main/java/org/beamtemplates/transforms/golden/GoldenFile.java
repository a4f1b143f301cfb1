package org.beamtemplates.transforms.golden;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.beamtemplates.transforms.golden.Comparison.Difference;
import org.beamtemplates.transforms.golden.JsonLines.Line;

/**
 * The results that a pipeline should write, one JSON object a line.
 *
 * <pre>{@code
 * Comparison comparison =
 *     GoldenFile.read(golden).compare(List.of(outputFolder), template.resultKey());
 * assertThat(comparison.isEqual()).as(comparison.report()).isTrue();
 * }</pre>
 */
public final class GoldenFile {

  /** Fields that tell when and how often a window fired, which may differ between runs. */
  public static final Set<String> FIRING_FIELDS = Set.of("timing", "revision");

  private final JsonLines lines;

  private GoldenFile(JsonLines lines) {
    this.lines = lines;
  }

  /** Reads the file; lines that are not JSON objects are reported by the comparison. */
  public static GoldenFile read(Path file) throws IOException {
    return new GoldenFile(JsonLines.read(List.of(file)));
  }

  /**
   * Returns the final results in outputs as the lines of a golden file: in order of their keys,
   * without the {@link #FIRING_FIELDS}. They are what a pipeline says, which need not be right.
   *
   * @param outputs files, or folders with files, of JSON lines
   * @param keyFields the fields that identify a result
   * @throws IOException if there is a line that is no result, too
   */
  public static List<String> finalLines(Collection<Path> outputs, List<String> keyFields)
      throws IOException {
    FinalResults results =
        FinalResults.of(
            JsonLines.read(outputs),
            new ResultShape(keyFields, field -> !FIRING_FIELDS.contains(field)));
    if (!results.faults().isEmpty()) {
      throw new IOException("no results: " + String.join("; ", results.faults()));
    }
    List<String> lines = new ArrayList<>();
    for (Line line : new TreeMap<>(results.byKey()).values()) {
      ObjectNode result = ((ObjectNode) line.object()).deepCopy();
      lines.add(result.remove(FIRING_FIELDS).toString());
    }
    return lines;
  }

  /** Compares final results, without the {@link #FIRING_FIELDS}. */
  public Comparison compare(Collection<Path> outputs, List<String> keyFields) throws IOException {
    return compare(outputs, keyFields, FIRING_FIELDS);
  }

  /**
   * Compares final results: of all lines with the same key, the one with the highest {@code
   * revision}. Order and the number of files do not matter; numbers are compared exactly.
   *
   * @param outputs files, or folders with files, of JSON lines
   * @param keyFields the fields that identify a result
   * @param ignoredFields fields that may differ
   */
  public Comparison compare(
      Collection<Path> outputs, List<String> keyFields, Set<String> ignoredFields)
      throws IOException {
    return compare(outputs, new ResultShape(keyFields, field -> !ignoredFields.contains(field)));
  }

  /**
   * Compares some fields of final results only.
   *
   * @param outputs files, or folders with files, of JSON lines
   * @param keyFields the fields that identify a result
   * @param fields the fields that must be equal
   */
  public Comparison compareOnly(
      Collection<Path> outputs, List<String> keyFields, Set<String> fields) throws IOException {
    return compare(outputs, new ResultShape(keyFields, fields::contains));
  }

  private Comparison compare(Collection<Path> outputs, ResultShape shape) throws IOException {
    JsonLines written = JsonLines.read(outputs);
    FinalResults expected = FinalResults.of(lines, shape);
    FinalResults actual = FinalResults.of(written, shape);

    List<String> missing = new ArrayList<>();
    List<Difference> different = new ArrayList<>();
    int equal = 0;
    for (Map.Entry<String, Line> entry : expected.byKey().entrySet()) {
      Line found = actual.byKey().get(entry.getKey());
      if (found == null) {
        missing.add(entry.getKey());
        continue;
      }
      List<String> fields = shape.differences(entry.getValue().object(), found.object());
      if (fields.isEmpty()) {
        equal++;
      } else {
        different.add(new Difference(entry.getKey(), found.place(), fields));
      }
    }
    List<String> unexpected =
        actual.byKey().keySet().stream().filter(key -> !expected.byKey().containsKey(key)).toList();
    List<String> faults = new ArrayList<>(expected.faults());
    faults.addAll(actual.faults());
    return new Comparison(equal, written.files(), missing, unexpected, different, faults);
  }
}
