package org.beamtemplates.cli.conformance;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.beamtemplates.cli.conformance.Result.Line;

/** Reads the table of a page back. */
final class MarkdownRows {

  private MarkdownRows() {}

  /** Returns the cells by config, of each line. */
  static Map<Line, Map<String, String>> read(String page) {
    Map<Line, Map<String, String>> rows = new LinkedHashMap<>();
    List<List<String>> table =
        page.lines().filter(line -> line.startsWith("| ")).map(MarkdownRows::cells).toList();
    if (table.isEmpty()) {
      return rows;
    }
    List<String> header = table.get(0);
    for (List<String> cells : table.subList(1, table.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 2; i < Math.min(header.size(), cells.size()); i++) {
        row.put(header.get(i), cells.get(i));
      }
      rows.put(new Line(cells.get(0), cells.get(1)), row);
    }
    return rows;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
        .map(String::strip)
        .toList();
  }
}
