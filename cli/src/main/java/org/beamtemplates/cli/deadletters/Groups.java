package org.beamtemplates.cli.deadletters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.beamtemplates.schemas.DeadLetter;

/** Counts dead letters by kind. Memory: some hundred bytes a kind, however many letters. */
final class Groups {

  /** More kinds than any pipelines have; what comes then is counted together. */
  private static final int MOST = 10_000;

  private static final Group.Kind OTHERS = new Group.Kind("(others)", "", "", "");

  private final Map<Group.Kind, Group> groups = new HashMap<>();

  void add(DeadLetter letter) {
    Group.Kind kind = Group.Kind.of(letter);
    boolean fits = groups.containsKey(kind) || groups.size() < MOST;
    groups.computeIfAbsent(fits ? kind : OTHERS, created -> new Group()).add(letter);
  }

  /** Returns a table, the most frequent kind first, its lines as wide as this at most. */
  String table(int width) {
    Table table =
        new Table(
            "pipeline",
            "stage",
            "category",
            "error",
            ">count",
            ">replayable",
            "first seen",
            "last seen",
            "example");
    for (Map.Entry<Group.Kind, Group> entry : sorted()) {
      Group.Kind kind = entry.getKey();
      Group group = entry.getValue();
      table.row(
          Texts.line(kind.pipeline(), 40),
          Texts.line(kind.stage(), 40),
          Texts.line(kind.category(), 20),
          Texts.simpleName(kind.errorClass()),
          Long.toString(group.count()),
          Long.toString(group.replayable()),
          Table.seconds(group.firstMillis()),
          Table.seconds(group.lastMillis()),
          Texts.shortId(group.id()) + "  " + group.message());
    }
    return table.text(width);
  }

  /** Returns a JSON object a line. */
  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Group.Kind, Group> entry : sorted()) {
      Group group = entry.getValue();
      ObjectNode node = JsonLine.object();
      node.put("pipeline", entry.getKey().pipeline());
      node.put("stage", entry.getKey().stage());
      node.put("category", entry.getKey().category());
      node.put("errorClass", entry.getKey().errorClass());
      node.put("count", group.count());
      node.put("replayable", group.replayable());
      node.put("firstFailure", Texts.time(group.firstMillis()));
      node.put("lastFailure", Texts.time(group.lastMillis()));
      node.put("exampleId", group.id());
      node.put("exampleMessage", group.message());
      lines.add(JsonLine.of(node));
    }
    return lines;
  }

  private List<Map.Entry<Group.Kind, Group>> sorted() {
    return groups.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<Group.Kind, Group> e) -> -e.getValue().count())
                .thenComparing(e -> e.getKey().toString()))
        .toList();
  }
}
