package org.beamtemplates.transforms.launch;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;

/** How the steps of a pipeline are computed on its runner, as text for a terminal. */
final class Execution {

  private Execution() {}

  /** Returns a line for each step that has a choice, under a heading; empty if none has. */
  static String describe(Pipeline pipeline) {
    RunnerCapabilities runner = RunnerCapabilities.of(pipeline.getOptions());
    List<String> lines = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(Node node) {
            if (node.getTransform() instanceof RunnerDependent step) {
              lines.add("  " + node.getFullName() + ": " + step.executionOn(runner) + "\n");
            }
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });
    return lines.isEmpty()
        ? ""
        : "\nHow it is computed on " + runner.name() + "\n" + String.join("", lines);
  }
}
