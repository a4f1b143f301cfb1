package org.beamtemplates.testing.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The committed description of a pipeline's graph. A savepoint is restored by these names and
 * coders, so a difference breaks the update of a running job: it must be a decision.
 */
public final class GraphSnapshot {

  /** System property that accepts the graph as it is now. */
  private static final String UPDATE = "graph.update";

  private static final String FOLDER = "graph/";

  private final Class<?> test;
  private final String name;

  private GraphSnapshot(Class<?> test, String name) {
    this.test = test;
    this.name = name;
  }

  /** The snapshot in {@code src/test/resources/graph} of the module that the test belongs to. */
  public static GraphSnapshot of(Class<?> test, String name) {
    return new GraphSnapshot(test, name);
  }

  /** Fails with the differences if the graph is not the committed one. */
  public void holds(PipelineGraph graph) {
    if (Boolean.getBoolean(UPDATE)) {
      write(graph.lines());
      return;
    }
    List<String> committed = read();
    if (committed == null) {
      throw new AssertionError("There is no " + FOLDER + name + " yet." + howToAccept());
    }
    List<String> differences = LineDifferences.between(committed, graph.lines());
    if (!differences.isEmpty()) {
      throw new AssertionError(
          "The graph differs from "
              + FOLDER
              + name
              + " (- committed, + now):\n\n"
              + String.join("\n", differences)
              + "\n\nStep names, state ids, timers and coders are the savepoint contract: a job"
              + " that runs cannot be updated across this difference with its state."
              + howToAccept());
    }
  }

  private String howToAccept() {
    return "\nTo accept it on purpose, run "
        + test.getSimpleName()
        + " with -D"
        + UPDATE
        + "=true, commit the file, and tell users in the release notes.";
  }

  private @Nullable List<String> read() {
    try (InputStream in = test.getResourceAsStream("/" + FOLDER + name)) {
      return in == null
          ? null
          : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(List<String> lines) {
    Path resources = Path.of("src", "test", "resources");
    if (!Files.isDirectory(resources)) {
      throw new AssertionError("Update " + FOLDER + name + " in the module that it lies in");
    }
    try {
      Path file = resources.resolve(FOLDER + name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Line by line, with the step that a differing line belongs to. */
  private static final class LineDifferences {

    private LineDifferences() {}

    static List<String> between(List<String> before, List<String> after) {
      int[][] common = commonSuffixes(before, after);
      List<String> differences = new ArrayList<>();
      String step = "";
      String shown = "";
      int b = 0;
      int a = 0;
      while (b < before.size() || a < after.size()) {
        boolean same = b < before.size() && a < after.size() && before.get(b).equals(after.get(a));
        boolean removed =
            !same
                && (a == after.size()
                    || (b < before.size() && common[b + 1][a] >= common[b][a + 1]));
        String line = removed || same ? before.get(b) : after.get(a);
        if (!line.startsWith(" ")) {
          step = line;
          shown = same ? shown : step;
        }
        if (!same) {
          if (!step.equals(shown)) {
            differences.add("  " + step);
            shown = step;
          }
          differences.add((removed ? "- " : "+ ") + line);
        }
        b += removed || same ? 1 : 0;
        a += removed ? 0 : 1;
      }
      return differences;
    }

    /** Lengths of the longest common subsequences of what follows each pair of lines. */
    private static int[][] commonSuffixes(List<String> before, List<String> after) {
      int[][] length = new int[before.size() + 1][after.size() + 1];
      for (int b = before.size() - 1; b >= 0; b--) {
        for (int a = after.size() - 1; a >= 0; a--) {
          length[b][a] =
              before.get(b).equals(after.get(a))
                  ? length[b + 1][a + 1] + 1
                  : Math.max(length[b + 1][a], length[b][a + 1]);
        }
      }
      return length;
    }
  }
}
