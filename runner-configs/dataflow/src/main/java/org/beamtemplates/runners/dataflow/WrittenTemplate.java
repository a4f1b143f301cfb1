package org.beamtemplates.runners.dataflow;

import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.View;
import org.joda.time.Duration;

/**
 * A job that was written to be started later: Beam's own result of it throws whatever is asked.
 *
 * @param location where it was written to
 * @param steps how many steps it has, composites aside
 */
record WrittenTemplate(String location, int steps) implements PipelineResult {

  static WrittenTemplate of(Pipeline pipeline, String location) {
    StepCount count = new StepCount();
    pipeline.traverseTopologically(count);
    return new WrittenTemplate(location, count.steps);
  }

  @Override
  public State getState() {
    return State.DONE;
  }

  @Override
  public State cancel() {
    return State.DONE;
  }

  @Override
  public State waitUntilFinish() {
    return State.DONE;
  }

  @Override
  public State waitUntilFinish(Duration patience) {
    return State.DONE;
  }

  @Override
  public MetricResults metrics() {
    return MetricsContainerStepMap.asAttemptedOnlyMetricResults(new MetricsContainerStepMap());
  }

  private static final class StepCount extends Pipeline.PipelineVisitor.Defaults {

    private int steps;

    @Override
    public void visitPrimitiveTransform(TransformHierarchy.Node node) {
      // A name for a side input, which the graph for the workers does without.
      if (!(node.getTransform() instanceof View.CreatePCollectionView)) {
        steps++;
      }
    }
  }
}
