package org.beamtemplates.benchmarks.scaling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.beamtemplates.benchmarks.speed.ThreadTimes;

/**
 * What the subtasks of a Flink job used of the processor. Each is one thread, and so the one that
 * uses most is the job's limit, however many processors there are.
 */
final class SubtaskLoad {

  /** As Flink names a thread: the task, which subtask of how many, and which attempt. */
  private static final Pattern NAME = Pattern.compile("(.*) \\(\\d+/\\d+\\)#\\d+");

  private static final String SOURCE = "Source:";

  private final Map<String, List<Duration>> tasks;
  private final long records;

  private SubtaskLoad(Map<String, List<Duration>> tasks, long records) {
    this.tasks = tasks;
    this.records = records;
  }

  /**
   * Of threads that are not those of a task, nothing is taken.
   *
   * @param used by each thread
   * @param records that were read meanwhile
   */
  static SubtaskLoad of(ThreadTimes used, long records) {
    Map<String, List<Duration>> tasks = new TreeMap<>();
    used.byName()
        .forEach(
            (thread, time) -> {
              Matcher name = NAME.matcher(thread);
              if (name.matches()) {
                tasks.computeIfAbsent(name.group(1), unused -> new ArrayList<>()).add(time);
              }
            });
    return new SubtaskLoad(tasks, records);
  }

  /** Returns what the busiest subtask of all used for a record of the job, in µs. */
  OptionalDouble busiestMicros() {
    return records <= 0
        ? OptionalDouble.empty()
        : tasks.values().stream()
            .flatMap(Collection::stream)
            .mapToDouble(time -> micros(time) / records)
            .max();
  }

  /**
   * Returns what share of the processor time of the step behind the shuffle its busiest subtask
   * has: with two subtasks, 0.5 if both are loaded alike and 1 if one does everything.
   */
  OptionalDouble busiestShare() {
    return tasks.entrySet().stream()
        .filter(task -> !task.getKey().contains(SOURCE))
        .map(Map.Entry::getValue)
        .max(Comparator.comparingDouble(SubtaskLoad::sum))
        .filter(step -> sum(step) > 0)
        .map(step -> step.stream().mapToDouble(SubtaskLoad::micros).max().orElse(0) / sum(step))
        .map(OptionalDouble::of)
        .orElse(OptionalDouble.empty());
  }

  private static double sum(List<Duration> times) {
    return times.stream().mapToDouble(SubtaskLoad::micros).sum();
  }

  private static double micros(Duration time) {
    return time.toNanos() / 1_000.0;
  }
}
