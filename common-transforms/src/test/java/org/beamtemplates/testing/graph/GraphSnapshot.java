package org.beamtemplates.testing.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.beamtemplates.transforms.upgrade.GraphDifferences;
import org.beamtemplates.transforms.upgrade.PipelineGraph;
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
    List<String> differences = GraphDifferences.between(committed, graph.lines());
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
}
