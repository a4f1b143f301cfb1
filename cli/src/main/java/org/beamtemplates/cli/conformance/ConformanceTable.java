package org.beamtemplates.cli.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.beamtemplates.cli.conformance.Result.Line;
import org.beamtemplates.cli.conformance.Result.Outcome;

/** The results as a table: a line for each capability, a column for each config. */
final class ConformanceTable {

  private static final String NOT_RUN = "–";
  private static final Comparator<Line> ORDER =
      Comparator.comparing(Line::subject).thenComparing(Line::capability);

  private final List<String> configs;
  private final Map<Line, Map<String, String>> cells = new TreeMap<>(ORDER);
  private final Map<String, Integer> notes = new LinkedHashMap<>();

  private ConformanceTable(List<String> configs) {
    this.configs = configs;
  }

  /**
   * Makes the table.
   *
   * @param configs the columns, in order
   */
  static ConformanceTable of(List<Result> results, List<String> configs) {
    ConformanceTable table = new ConformanceTable(List.copyOf(configs));
    Map<Line, List<Result>> lines = new TreeMap<>(ORDER);
    lines.putAll(results.stream().collect(groupingBy(Result::line)));
    lines.forEach(table::add);
    return table;
  }

  private void add(Line line, List<Result> results) {
    Map<String, String> row = new LinkedHashMap<>();
    for (String config : configs) {
      List<Result> here = results.stream().filter(r -> r.config().equals(config)).toList();
      row.put(config, cell(here));
    }
    cells.put(line, row);
  }

  private String cell(List<Result> results) {
    if (results.isEmpty()) {
      return NOT_RUN;
    }
    List<String> parts = new ArrayList<>();
    addCount(parts, results, Outcome.FAILED, "FAILS");
    addCount(parts, results, Outcome.PASSED, "passes");
    Map<String, Long> skipped = new TreeMap<>();
    results.stream()
        .filter(result -> result.outcome() == Outcome.SKIPPED)
        .forEach(result -> skipped.merge(result.reason(), 1L, Long::sum));
    skipped.forEach((reason, count) -> parts.add(without(reason, count)));
    return String.join(", ", parts);
  }

  private static void addCount(
      List<String> parts, List<Result> results, Outcome outcome, String word) {
    long count = results.stream().filter(result -> result.outcome() == outcome).count();
    if (count > 0) {
      parts.add(word + " " + count);
    }
  }

  /** What a reason begins with goes into the cell, the rest below the table. */
  private String without(String reason, long count) {
    int colon = reason.indexOf(':');
    String word = colon < 0 ? "skipped" : reason.substring(0, colon);
    String why = reason.substring(colon + 1).strip();
    int note = notes.computeIfAbsent(why, unknown -> notes.size() + 1);
    return "%s %d [%d]".formatted(word, count, note);
  }

  /** Returns the configs of which something differs, with both cells; empty if nothing does. */
  List<String> differencesTo(String markdown, Set<String> among) {
    Map<Line, Map<String, String>> committed = MarkdownRows.read(markdown);
    Set<Line> all = new TreeSet<>(ORDER);
    all.addAll(committed.keySet());
    all.addAll(cells.keySet());
    List<String> differences = new ArrayList<>();
    for (Line line : all) {
      for (String config : configs) {
        String there = committed.getOrDefault(line, Map.of()).getOrDefault(config, NOT_RUN);
        String here = cells.getOrDefault(line, Map.of()).getOrDefault(config, NOT_RUN);
        if (among.contains(config) && !withoutNotes(there).equals(withoutNotes(here))) {
          differences.add(
              "%s, %s, on %s: %s; the tests: %s"
                  .formatted(line.subject(), line.capability(), config, there, here));
        }
      }
    }
    return differences;
  }

  /** The numbers of notes depend on what else has run. */
  private static String withoutNotes(String cell) {
    return cell.replaceAll(" \\[\\d+]", "");
  }

  boolean hasFailures() {
    return cells.values().stream()
        .flatMap(row -> row.values().stream())
        .anyMatch(cell -> cell.startsWith("FAILS"));
  }

  /** Returns the page. */
  String markdown() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Conformance

        What has run on which config, and how it ended. `./templates conformance` runs the tests and writes this page; nobody
        edits it. A number counts tests (or cases of a test). *refused*: the launcher refuses such a job before it starts.
        *not applicable*: the test cannot be told there. *–*: not run there.

        """);
    page.append(row(List.of("of", "what"), configs));
    page.append("|---".repeat(configs.size() + 2)).append("|\n");
    cells.forEach(
        (line, row) ->
            page.append(
                row(List.of(line.subject(), line.capability()), List.copyOf(row.values()))));
    page.append('\n');
    notes.forEach((why, number) -> page.append("[%d] %s%n%n".formatted(number, why)));
    return page.toString().stripTrailing() + "\n";
  }

  private static String row(List<String> first, List<String> rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(rest);
    return all.stream().collect(joining(" | ", "| ", " |\n"));
  }
}
