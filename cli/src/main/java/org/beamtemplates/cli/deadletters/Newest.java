package org.beamtemplates.cli.deadletters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.beamtemplates.schemas.DeadLetter;

/** The newest dead letters, by the time of their last failure; holds no more than it shows. */
final class Newest {

  private static final int MESSAGE = 1_000;

  /** What is shown of a letter: not its payload, so that many can be held. */
  private record Row(
      long millis,
      String id,
      String pipeline,
      String stage,
      String category,
      String errorClass,
      int attempts,
      boolean replayable,
      String origin,
      String place,
      String message) {

    static Row of(Found found) {
      DeadLetter letter = found.letter();
      return new Row(
          letter.getLastFailureMs(),
          letter.getId(),
          letter.getPipeline(),
          letter.getStage(),
          letter.getCategory(),
          letter.getErrorClass(),
          letter.getAttempts(),
          letter.getReplayable() && letter.getRedacted().isEmpty(),
          Texts.origin(letter),
          found.place(),
          Texts.line(Texts.reason(letter), MESSAGE));
    }
  }

  private static final Comparator<Row> OLDEST_FIRST =
      Comparator.comparingLong(Row::millis).thenComparing(Row::id);

  private final int limit;
  private final PriorityQueue<Row> rows = new PriorityQueue<>(OLDEST_FIRST);

  Newest(int limit) {
    this.limit = limit;
  }

  void add(Found found) {
    rows.add(Row.of(found));
    if (rows.size() > limit) {
      rows.poll();
    }
  }

  int size() {
    return rows.size();
  }

  /** Returns a table, the newest last, its lines as wide as this at most. */
  String table(int width) {
    Table table = new Table("id", "last failure", "category", "stage", ">tries", "from", "message");
    for (Row row : sorted()) {
      table.row(
          Texts.shortId(row.id()),
          Table.seconds(row.millis()),
          Texts.line(row.category(), 20),
          Texts.line(row.stage(), 40),
          Integer.toString(row.attempts()),
          Texts.line(row.origin(), 60),
          row.message());
    }
    return table.text(width);
  }

  /** Returns a JSON object a line, the newest last. */
  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    for (Row row : sorted()) {
      ObjectNode node = JsonLine.object();
      node.put("id", row.id());
      node.put("lastFailure", Texts.time(row.millis()));
      node.put("pipeline", row.pipeline());
      node.put("stage", row.stage());
      node.put("category", row.category());
      node.put("errorClass", row.errorClass());
      node.put("attempts", row.attempts());
      node.put("replayable", row.replayable());
      node.put("origin", row.origin());
      node.put("place", row.place());
      node.put("message", row.message());
      lines.add(JsonLine.of(node));
    }
    return lines;
  }

  private List<Row> sorted() {
    return rows.stream().sorted(OLDEST_FIRST).toList();
  }
}
