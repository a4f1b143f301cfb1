package org.beamtemplates.cli.deadletters;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as what is in them; the last one takes what is left of the line. */
final class Table {

  private static final String GAP = "  ";
  private static final int LEAST_OF_LAST = 20;

  private final List<String> heads;
  private final boolean[] toTheRight;
  private final List<String[]> rows = new ArrayList<>();

  /** Makes a table; a column whose head begins with &gt; is aligned to the right. */
  Table(String... heads) {
    this.heads = new ArrayList<>();
    this.toTheRight = new boolean[heads.length];
    for (int column = 0; column < heads.length; column++) {
      toTheRight[column] = heads[column].startsWith(">");
      this.heads.add(toTheRight[column] ? heads[column].substring(1) : heads[column]);
    }
    rows.add(this.heads.toArray(String[]::new));
  }

  void row(String... cells) {
    if (cells.length != heads.size()) {
      throw new IllegalArgumentException(heads.size() + " columns, not " + cells.length);
    }
    rows.add(cells.clone());
  }

  /** Returns the lines, capped to the width. */
  String text(int width) {
    int last = heads.size() - 1;
    int[] widths = new int[last];
    for (String[] row : rows) {
      for (int column = 0; column < last; column++) {
        widths[column] = Math.max(widths[column], length(row[column]));
      }
    }
    int used = 0;
    for (int columnWidth : widths) {
      used += columnWidth + GAP.length();
    }
    int left = Math.max(LEAST_OF_LAST, width - used);
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < last; column++) {
        String space = " ".repeat(widths[column] - length(row[column]));
        line.append(toTheRight[column] ? space + row[column] : row[column] + space).append(GAP);
      }
      line.append(Texts.line(row[last], left));
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** Returns a time in UTC, to the second. */
  static String seconds(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
