package org.beamtemplates.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.beamtemplates.cli.demo.Snapshot.DeadLetterCount;

/** The live screen: a picture of what is known at one moment. */
final class Screen {

  private static final int WIDEST = 120;
  private static final int NARROWEST = 80;
  private static final String ARROW = " ─▶ ";
  private static final int ARROW_ROW = 1;
  private static final int FEWEST_RESULTS = 3;
  private static final int BAR = 20;

  private final Snapshot now;
  private final int width;
  private final int height;

  private Screen(Snapshot now, int width, int height) {
    this.now = now;
    this.width = Math.max(NARROWEST, Math.min(width, WIDEST));
    this.height = height;
  }

  /**
   * Returns the picture, one text a line, none wider and not more of them than there is room.
   *
   * @param colours whether the terminal shows colours
   */
  static List<String> render(Snapshot now, int width, int height, boolean colours) {
    return new Screen(now, width, height)
        .lines().stream().limit(height).map(line -> line.show(width, colours)).toList();
  }

  private List<Line> lines() {
    List<Line> head = new ArrayList<>();
    head.add(title());
    head.addAll(boxes());
    List<Line> foot = new ArrayList<>();
    foot.add(Line.empty());
    foot.addAll(deadLetters());
    foot.add(Line.empty());
    now.places().forEach(place -> foot.add(Line.of(Paint.QUIET, place)));

    // What is left in between is the table's: an empty line, its heading and the newest results.
    int room = Math.max(FEWEST_RESULTS, height - head.size() - foot.size() - 2);
    List<Line> lines = new ArrayList<>(head);
    lines.add(Line.empty());
    lines.addAll(results(room));
    lines.addAll(foot);
    return lines;
  }

  private Line title() {
    int done = (int) Math.round(BAR * Math.max(0, Math.min(1, now.progress())));
    Line left = Line.of(Paint.STRONG, now.title());
    Line right =
        Line.of(Paint.QUIET, now.phase() + "  ")
            .add(Paint.FRAME, "━".repeat(done))
            .add(Paint.QUIET, "─".repeat(BAR - done));
    int gap = Math.max(2, width - left.length() - right.length());
    return left.add(" ".repeat(gap)).add(right);
  }

  private List<Line> boxes() {
    Box kafka =
        new Box("Kafka")
            .row("sent", Numbers.of(now.sent().total()))
            .row("a second", Numbers.of(Math.round(now.sentPerSecond())))
            .row("broken", Numbers.of(now.broken()))
            .row("duplicate", Numbers.of(now.sent().duplicate()))
            .row("too late", Numbers.of(now.sent().tooLate()))
            .row("late, in time", Numbers.of(now.sent().late()));
    Snapshot.Job job = now.job();
    Box pipeline = new Box("Pipeline");
    if (job.running()) {
      pipeline
          .row("read", Numbers.of(job.read()))
          .row("a second", Numbers.of(Math.round(job.readPerSecond())))
          .row("dead letters", Numbers.of(job.dead()))
          .row("duplicates", Numbers.of(job.duplicate()))
          .row("too late", Numbers.of(job.late()))
          .row("behind", Numbers.of(now.lag()) + " = " + Numbers.about(now.behind()));
    } else {
      pipeline.row("the job is starting", "", Paint.QUIET);
    }
    Box store =
        new Box("PostgreSQL")
            .row("final results", Numbers.of(now.store().finalCounts().size()), Paint.GOOD)
            .row("their events", Numbers.of(now.store().events()), Paint.GOOD)
            .section("Dead letters");
    now.deadLetters()
        .forEach(
            (category, letters) -> store.row(category, Numbers.of(letters.count()), Paint.WARN));
    return sideBySide(List.of(kafka, pipeline, store));
  }

  private List<Line> sideBySide(List<Box> boxes) {
    int rows = boxes.stream().mapToInt(Box::rows).max().orElse(0);
    int each = (width - (boxes.size() - 1) * ARROW.length()) / boxes.size();
    List<Line> lines = new ArrayList<>();
    for (int line = 0; line < rows + 2; line++) {
      Line all = new Line();
      for (int box = 0; box < boxes.size(); box++) {
        if (box > 0) {
          all.add(Paint.FRAME, line == ARROW_ROW ? ARROW : " ".repeat(ARROW.length()));
        }
        all.add(boxes.get(box).lines(each, rows).get(line));
      }
      lines.add(all);
    }
    return lines;
  }

  private List<Line> results(int room) {
    List<String> columns = now.store().columns();
    List<List<String>> rows = now.store().newest().stream().limit(room).toList();
    int[] widths = widths(columns, rows);
    List<Line> lines = new ArrayList<>();
    lines.add(
        rows.isEmpty()
            ? Line.of(Paint.QUIET, "No result yet: the first window has not ended.")
            : Line.of(Paint.QUIET, cells(columns, columns, widths)));
    rows.forEach(row -> lines.add(Line.of(Paint.PLAIN, cells(columns, row, widths))));
    while (lines.size() <= room) {
      lines.add(Line.empty());
    }
    return lines;
  }

  private static int[] widths(List<String> columns, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = columns.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }

  /** Numbers stand to the right of their column, and so does its heading. */
  private String cells(List<String> columns, List<String> row, int[] widths) {
    StringBuilder cells = new StringBuilder();
    for (int column = 0; column < columns.size(); column++) {
      String cell = row.get(column);
      String pad = " ".repeat(widths[column] - cell.length());
      cells.append(column == 0 ? "" : "  ").append(isNumber(column) ? pad + cell : cell + pad);
    }
    return cells.toString();
  }

  private boolean isNumber(int column) {
    return now.store().newest().stream()
        .allMatch(row -> row.get(column).matches("-?[\\d.,]+( ?[a-zA-Z%]{1,3})?"));
  }

  private List<Line> deadLetters() {
    List<Line> lines = new ArrayList<>();
    lines.add(
        Line.of(
            Paint.QUIET,
            now.deadLetters().isEmpty()
                ? "No dead letters yet."
                : "Dead letters, one of each kind"));
    for (Map.Entry<String, DeadLetterCount> entry : now.deadLetters().entrySet()) {
      DeadLetterCount letters = entry.getValue();
      lines.add(
          Line.of(Paint.WARN, String.format("%-8s ", entry.getKey()))
              .add(letters.place() + "  ")
              .add(letters.reason())
              .add(Paint.QUIET, "  " + letters.payload()));
    }
    return lines;
  }
}
