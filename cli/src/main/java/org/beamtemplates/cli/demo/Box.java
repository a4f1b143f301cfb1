package org.beamtemplates.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** A frame with a title and rows of a label and a value. */
final class Box {

  private record Row(String label, String value, Paint paint) {}

  private final String title;
  private final List<Row> rows = new ArrayList<>();

  Box(String title) {
    this.title = title;
  }

  Box row(String label, String value) {
    return row(label, value, Paint.STRONG);
  }

  Box row(String label, String value, Paint paint) {
    rows.add(new Row(label, value, paint));
    return this;
  }

  /** Adds a line across with a title of its own. */
  Box section(String heading) {
    rows.add(new Row(heading, "", Paint.FRAME));
    return this;
  }

  int rows() {
    return rows.size();
  }

  /** Returns the box, with empty rows below if it has fewer than {@code height}. */
  List<Line> lines(int width, int height) {
    List<Line> lines = new ArrayList<>();
    lines.add(edge("┌", title, "┐", width));
    for (Row row : rows) {
      lines.add(row.paint() == Paint.FRAME ? edge("├", row.label(), "┤", width) : line(row, width));
    }
    for (int row = rows.size(); row < height; row++) {
      lines.add(line(new Row("", "", Paint.PLAIN), width));
    }
    lines.add(edge("└", "", "┘", width));
    return lines;
  }

  private static Line edge(String left, String heading, String right, int width) {
    Line line = Line.of(Paint.FRAME, left);
    if (!heading.isEmpty()) {
      line.add(Paint.FRAME, "─ ").add(heading).add(" ");
    }
    return line.add(Paint.FRAME, "─".repeat(Math.max(0, width - 1 - line.length())))
        .add(Paint.FRAME, right);
  }

  private static Line line(Row row, int width) {
    int room = width - 4 - row.label().length();
    String value =
        row.value().length() <= room ? row.value() : row.value().substring(0, Math.max(0, room));
    return Line.of(Paint.FRAME, "│ ")
        .add(Paint.QUIET, row.label())
        .add(" ".repeat(Math.max(0, room - value.length())))
        .add(row.paint(), value)
        .add(Paint.FRAME, " │");
  }
}
