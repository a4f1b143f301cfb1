package org.beamtemplates.transforms.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline;
import org.beamtemplates.transforms.upgrade.PipelineGraph;
import org.beamtemplates.transforms.upgrade.StateChange;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The question whether a job can go on from the state of another version of it, asked in place of a
 * launch by {@code --upgrade-from} and {@code --upgrade-save}.
 *
 * @param from a saved graph, or a savepoint of the runner; null if there is none to compare with
 * @param save where to write the graph of this version; null if nowhere
 */
record UpgradeCheck(@Nullable String from, @Nullable String save) {

  private static final String FROM = "--upgrade-from=";
  private static final String SAVE = "--upgrade-save=";

  /** Returns the question, if the arguments ask it. */
  static Optional<UpgradeCheck> in(String[] args) {
    String from = value(FROM, args);
    String save = value(SAVE, args);
    return from == null && save == null
        ? Optional.empty()
        : Optional.of(new UpgradeCheck(from, save));
  }

  /** Returns the arguments without the question. */
  static String[] without(String[] args) {
    return Arrays.stream(args)
        .filter(arg -> !arg.startsWith(FROM) && !arg.startsWith(SAVE))
        .toArray(String[]::new);
  }

  private static @Nullable String value(String name, String[] args) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(name))
        .map(arg -> arg.substring(name.length()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Answers it.
   *
   * @param job builds this version of the job
   * @return the exit code: {@link Launcher#DONE} if the job can go on, {@link Launcher#FAILED} if
   *     it cannot
   */
  int answer(
      Supplier<Pipeline> job, RunnerCapabilities runner, Problems problems, PrintStream out) {
    int code = from == null ? Launcher.DONE : compare(from, job, runner, problems, out);
    if (save != null && problems.isEmpty()) {
      save(save, PipelineGraph.of(job.get()), problems, out);
    }
    return code;
  }

  private static int compare(
      String from,
      Supplier<Pipeline> job,
      RunnerCapabilities runner,
      Problems problems,
      PrintStream out) {
    Optional<PipelineGraph> saved = savedGraph(from, problems);
    if (!problems.isEmpty()) {
      return Launcher.BAD_OPTIONS;
    }
    if (saved.isPresent()) {
      return tell(from, saved.get(), PipelineGraph.of(job.get()), out);
    }
    Problems found = new Problems();
    runner.checkSavepoint(from, job, found);
    if (found.isEmpty()) {
      out.printf("Every step that has state in %s is in this version, too: it can go on.%n", from);
      out.println(
          "Whether the state is read as what it was written as, a savepoint does not tell: compare"
              + " the graphs (--save of the old version, --from of the new one).");
      return Launcher.DONE;
    }
    out.printf("This version cannot go on from %s:%n", from);
    found.all().forEach(problem -> out.printf("  %s%n", problem.message()));
    return Launcher.FAILED;
  }

  private static int tell(String from, PipelineGraph saved, PipelineGraph now, PrintStream out) {
    List<StateChange> changes = StateChange.between(saved, now);
    for (StateChange change : changes) {
      out.printf(
          "%-8s %s: %s%n",
          change.kind().name().toLowerCase(Locale.ROOT), change.step(), change.message());
    }
    long stateless = StateChange.stateless(saved, now);
    if (stateless > 0) {
      out.printf("%d steps differ that keep no state, which is harmless.%n", stateless);
    }
    if (StateChange.allow(changes)) {
      out.printf("This version can go on from a savepoint of %s.%n", from);
      return Launcher.DONE;
    }
    out.printf(
        "This version cannot go on from a savepoint of %s: give the steps their names and coders"
            + " back, or start anew (docs/operations.md).%n",
        from);
    return Launcher.FAILED;
  }

  /** Returns the graph in the file, if it is one; a savepoint is a folder, or a binary file. */
  private static Optional<PipelineGraph> savedGraph(String from, Problems problems) {
    Path file;
    try {
      file = Path.of(from);
    } catch (InvalidPathException notLocal) {
      return Optional.empty();
    }
    if (!from.endsWith(".txt")) {
      return Optional.empty();
    }
    try {
      return Optional.of(PipelineGraph.parse(Files.readAllLines(file, UTF_8)));
    } catch (IOException e) {
      problems.add("from", "is " + from + ", which cannot be read: give a file of --save");
    } catch (IllegalArgumentException e) {
      problems.add("from", "is " + from + ", which holds no graph: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static void save(String save, PipelineGraph graph, Problems problems, PrintStream out) {
    try {
      Path file = Path.of(save).toAbsolutePath();
      Files.createDirectories(file.getParent());
      Files.write(file, graph.lines(), UTF_8);
      out.printf("The graph of this version is in %s.%n", save);
    } catch (IOException | InvalidPathException e) {
      problems.add("save", "is " + save + ", which cannot be written (" + e + ")");
    }
  }
}
