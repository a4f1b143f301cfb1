package org.beamtemplates.runners.flink.exactness;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.beamtemplates.runners.flink.exactness.Windowing.Span;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What an aggregation of ids must give, worked out from the whole stream at once and by the
 * definitions alone: which records are in which window in the end, and which are too late.
 */
final class Model {

  /** A key in a window. */
  record Cell(String key, Span window) implements Comparable<Cell> {

    private static final Comparator<Cell> ORDER =
        Comparator.comparing(Cell::key)
            .thenComparing(cell -> cell.window().start())
            .thenComparing(cell -> cell.window().end());

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return key + " in " + window.start() + ".." + window.end();
    }
  }

  private final Map<Cell, String> finals = new TreeMap<>();
  private final Set<String> late = new TreeSet<>();

  private Model() {}

  /** Works it out for all records. */
  static Model of(Collection<Ingested<PageEvent>> records, Windowing windowing) {
    Model model = new Model();
    Map<String, List<Ingested<PageEvent>>> byKey =
        records.stream()
            .collect(
                Collectors.groupingBy(
                    element -> element.value().getCountry(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    byKey.forEach((key, elements) -> model.add(key, elements, windowing));
    return model;
  }

  /** Returns the records that are left if only the first with an id stays, in each partition. */
  static List<Ingested<PageEvent>> withoutDuplicates(Collection<Ingested<PageEvent>> records) {
    Set<String> seen = new HashSet<>();
    return records.stream().filter(element -> seen.add(element.value().getEventId())).toList();
  }

  private void add(String key, List<Ingested<PageEvent>> elements, Windowing windowing) {
    Map<Span, List<String>> inTime = new LinkedHashMap<>();
    for (Ingested<PageEvent> element : elements) {
      for (Span window : windowing.windowsOf(element.value().getEventTimeMs())) {
        long closes = window.end() - 1 + Traffic.LATENESS.toMillis();
        if (closes < element.watermarkMillis()) {
          late.add(lateId(element.origin(), window));
        } else {
          inTime
              .computeIfAbsent(window, any -> new ArrayList<>())
              .add(element.value().getEventId());
        }
      }
    }
    for (Span whole : windowing.merged(List.copyOf(inTime.keySet()))) {
      List<String> ids = new ArrayList<>();
      inTime.forEach(
          (window, some) -> {
            if (whole.contains(window)) {
              ids.addAll(some);
            }
          });
      finals.put(new Cell(key, whole), Ids.text(ids));
    }
  }

  /** Returns the ids in each key and window, in the end. */
  Map<Cell, String> finals() {
    return finals;
  }

  /**
   * Returns what is wrong with final panes, one line for each key and window: which ids are lost,
   * which are too many.
   */
  List<String> complaints(Map<Cell, String> actual) {
    Set<Cell> cells = new TreeSet<>(finals.keySet());
    cells.addAll(actual.keySet());
    List<String> complaints = new ArrayList<>();
    for (Cell cell : cells) {
      List<String> lost = ids(finals.get(cell));
      List<String> tooMany = ids(actual.get(cell));
      for (String id : ids(finals.get(cell))) {
        if (tooMany.remove(id)) {
          lost.remove(id);
        }
      }
      if (!lost.isEmpty() || !tooMany.isEmpty()) {
        complaints.add(cell + ": lost " + lost + ", too many " + tooMany);
      }
    }
    return complaints;
  }

  /**
   * How final panes and the model agree.
   *
   * @param expected records in windows that must be in the end
   * @param found records in windows that are
   */
  record Balance(int expected, int found, int lost, int tooMany) {}

  /** Counts what {@link #complaints} tells. */
  Balance balance(Map<Cell, String> actual) {
    Set<Cell> cells = new TreeSet<>(finals.keySet());
    cells.addAll(actual.keySet());
    int expected = 0;
    int found = 0;
    int lost = 0;
    int tooMany = 0;
    for (Cell cell : cells) {
      List<String> wanted = ids(finals.get(cell));
      List<String> surplus = ids(actual.get(cell));
      expected += wanted.size();
      found += surplus.size();
      for (String id : wanted) {
        lost += surplus.remove(id) ? 0 : 1;
      }
      tooMany += surplus.size();
    }
    return new Balance(expected, found, lost, tooMany);
  }

  private static List<String> ids(@Nullable String text) {
    return text == null ? new ArrayList<>() : new ArrayList<>(List.of(text.split(" ")));
  }

  /** Returns which records are too late, for which windows. */
  Set<String> late() {
    return late;
  }

  /** Returns whether a window is none in the end, because it was merged into a larger one. */
  boolean isMerged(Cell cell) {
    return !finals.containsKey(cell)
        && finals.keySet().stream()
            .anyMatch(
                whole -> whole.key().equals(cell.key()) && whole.window().contains(cell.window()));
  }

  /** Names a record and a window that it is too late for. */
  static String lateId(Origin origin, Span window) {
    return origin + " for " + window.start() + ".." + window.end();
  }
}
