package org.beamtemplates.transforms.launch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;

/** Questions about the graph of a pipeline. */
final class Graphs {

  private Graphs() {}

  /** Returns whether anything in the pipeline never ends. */
  static boolean isUnbounded(Pipeline pipeline) {
    AtomicBoolean unbounded = new AtomicBoolean();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitValue(PValue value, TransformHierarchy.Node producer) {
            if (value instanceof PCollection<?> collection
                && collection.isBounded() == PCollection.IsBounded.UNBOUNDED) {
              unbounded.set(true);
            }
          }
        });
    return unbounded.get();
  }
}
