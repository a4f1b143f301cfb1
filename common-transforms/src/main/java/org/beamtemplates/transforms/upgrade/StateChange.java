package org.beamtemplates.transforms.upgrade;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of the state of one step when a job is replaced by another version.
 *
 * @param step full name of the step
 * @param kind what becomes of it
 * @param message the rest of the line, for people
 */
public record StateChange(String step, Kind kind, String message) {

  /** What can become of state. */
  public enum Kind {
    /** No step of that name is there: the runner refuses the savepoint, or forgets the state. */
    LOST,
    /** The step is there and would read the state as something else. */
    CHANGED,
    /** A step that keeps state and begins with none. */
    NEW
  }

  private static final String GROUP_BY_KEY = "/GroupByKey";
  private static final String READ = "/Read(";

  /**
   * Returns the changes, by the names of the steps. Steps that keep nothing may come, go and
   * change.
   *
   * @param before what the savepoint was taken of
   * @param now what is to go on from it
   */
  public static List<StateChange> between(PipelineGraph before, PipelineGraph now) {
    Set<String> all = new TreeSet<>(before.steps().keySet());
    all.addAll(now.steps().keySet());
    List<StateChange> changes = new ArrayList<>();
    for (String step : all) {
      List<String> kept = stateOf(step, before);
      List<String> found = stateOf(step, now);
      change(step, kept, found).ifPresent(changes::add);
    }
    return changes;
  }

  /** Returns whether a job can go on in spite of the changes. */
  public static boolean allow(List<StateChange> changes) {
    return changes.stream().allMatch(change -> change.kind() == Kind.NEW);
  }

  /** Returns how many steps differ that keep nothing. */
  public static long stateless(PipelineGraph before, PipelineGraph now) {
    Set<String> all = new TreeSet<>(before.steps().keySet());
    all.addAll(now.steps().keySet());
    return all.stream()
        .filter(step -> stateOf(step, before).isEmpty() && stateOf(step, now).isEmpty())
        .filter(step -> !detailsOf(step, before).equals(detailsOf(step, now)))
        .count();
  }

  private static Optional<StateChange> change(String step, List<String> kept, List<String> found) {
    if (kept.equals(found)) {
      return Optional.empty();
    }
    if (kept.isEmpty()) {
      return Optional.of(new StateChange(step, Kind.NEW, "begins with no " + list(found)));
    }
    if (found.isEmpty()) {
      return Optional.of(
          new StateChange(step, Kind.LOST, "no such step keeps it now: " + list(kept)));
    }
    String was = list(kept.stream().filter(cell -> !found.contains(cell)).toList());
    String is = list(found.stream().filter(cell -> !kept.contains(cell)).toList());
    if (was.isEmpty()) {
      return Optional.of(new StateChange(step, Kind.NEW, "begins with no " + is));
    }
    return Optional.of(
        new StateChange(
            step, Kind.CHANGED, "was " + was + (is.isEmpty() ? ", is gone" : ", is " + is)));
  }

  private static String list(List<String> cells) {
    return cells.stream().collect(joining("; "));
  }

  /**
   * Cells, timers, their key, accumulators, what waits for a checkpoint, what is grouped until it
   * fires, and the position of a reader.
   */
  private static List<String> stateOf(String step, PipelineGraph graph) {
    List<String> details = detailsOf(step, graph);
    if (step.endsWith(GROUP_BY_KEY)) {
      return details;
    }
    if (step.contains(READ)) {
      return graph.steps().containsKey(step) ? List.of("position of the reader") : List.of();
    }
    return details.stream()
        .filter(
            line ->
                line.startsWith("state ")
                    || line.startsWith("timer ")
                    || line.startsWith("keyed by: ")
                    || line.startsWith("stable input: ")
                    || line.startsWith("accumulator: "))
        .toList();
  }

  private static List<String> detailsOf(String step, PipelineGraph graph) {
    Map<String, List<String>> steps = graph.steps();
    return steps.getOrDefault(step, List.of());
  }
}
