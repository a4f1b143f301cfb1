package org.beamtemplates.runners.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.model.pipeline.v1.RunnerApi.PTransform;
import org.apache.beam.sdk.util.construction.PTransformTranslation;

/**
 * The steps of a graph, each with the names of its state cells and timers: what the committed
 * snapshot of a template and the graph that Dataflow is sent both tell.
 */
record GraphSteps(SortedMap<String, SortedSet<String>> steps) {

  private static final String VIEW = "View.CreatePCollectionView";
  private static final String TIMER_PREFIX = "ts-";

  /**
   * Reads a snapshot of those that hold for all runners, but for the names of side inputs: a graph
   * for workers refers to the collections themselves.
   */
  static GraphSteps committed(String template, String snapshot) throws IOException {
    SortedMap<String, SortedSet<String>> steps = new TreeMap<>();
    try (InputStream in = resource(template, "graph/" + snapshot).openStream()) {
      String step = "";
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (!line.startsWith(" ")) {
          step = line;
          steps.put(step, new TreeSet<>());
        } else if (line.startsWith("  state ") || line.startsWith("  timer ")) {
          steps.get(step).add(line.strip().replaceFirst(":.*", ""));
        }
      }
    }
    steps.keySet().removeIf(name -> name.endsWith("/" + VIEW));
    return new GraphSteps(steps);
  }

  /** Several templates on the classpath may have files of the same name. */
  private static URL resource(String template, String name) {
    return GraphSteps.class
        .getClassLoader()
        .resources(name)
        .filter(
            url ->
                url.getPath().contains("/" + template + "/target/")
                    || url.getPath().contains("/" + template + "-"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(template + " has no " + name));
  }

  /** Reads the graph that was staged for the workers. */
  static GraphSteps staged(Path file) throws IOException {
    SortedMap<String, SortedSet<String>> steps = new TreeMap<>();
    for (PTransform transform :
        RunnerApi.Pipeline.parseFrom(Files.readAllBytes(file))
            .getComponents()
            .getTransformsMap()
            .values()) {
      if (isStep(transform)) {
        steps.put(transform.getUniqueName(), cells(transform));
      }
    }
    return new GraphSteps(steps);
  }

  /** Returns the steps but those in one step. */
  GraphSteps without(String composite) {
    SortedMap<String, SortedSet<String>> others = new TreeMap<>(steps);
    others.keySet().removeIf(name -> name.startsWith(composite + "/"));
    return new GraphSteps(others);
  }

  /** What does something, and combining, which keeps state though it consists of other steps. */
  private static boolean isStep(PTransform transform) {
    return transform.getSubtransformsCount() == 0
        || transform.getSpec().getUrn().equals(PTransformTranslation.COMBINE_PER_KEY_TRANSFORM_URN);
  }

  private static SortedSet<String> cells(PTransform transform) throws IOException {
    SortedSet<String> cells = new TreeSet<>();
    if (transform.getSpec().getUrn().equals(PTransformTranslation.PAR_DO_TRANSFORM_URN)) {
      RunnerApi.ParDoPayload payload =
          RunnerApi.ParDoPayload.parseFrom(transform.getSpec().getPayload());
      payload.getStateSpecsMap().keySet().forEach(id -> cells.add("state " + id));
      payload
          .getTimerFamilySpecsMap()
          .keySet()
          .forEach(id -> cells.add("timer " + id.replaceFirst("^" + TIMER_PREFIX, "")));
    }
    return cells;
  }
}
