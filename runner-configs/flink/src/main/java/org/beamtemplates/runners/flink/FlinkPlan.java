package org.beamtemplates.runners.flink;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The operators that Flink would run for a pipeline, by the ids that their state is found by.
 *
 * @param operators the steps of the job
 */
record FlinkPlan(Map<OperatorID, Operator> operators) {

  /**
   * A step as Flink runs it.
   *
   * @param parallelism its subtasks
   * @param maxParallelism its key groups, or -1 if Flink chooses
   */
  record Operator(int parallelism, int maxParallelism) {}

  /**
   * Translates a pipeline as the runner does, and runs nothing. The pipeline is of no use
   * afterwards.
   */
  static FlinkPlan of(Pipeline pipeline) {
    FlinkPipelineOptions options = pipeline.getOptions().as(FlinkPipelineOptions.class);
    String master = options.getFlinkMaster();
    boolean attached = options.getAttachedMode();
    // The environment is the one that is set for this thread then.
    options.setFlinkMaster("[auto]");
    options.setAttachedMode(false);
    try {
      return of(Capture.graphOf(pipeline));
    } finally {
      options.setFlinkMaster(master);
      options.setAttachedMode(attached);
    }
  }

  private static FlinkPlan of(StreamGraph graph) {
    Map<OperatorID, Operator> operators = new LinkedHashMap<>();
    for (JobVertex vertex : graph.getJobGraph().getVertices()) {
      Operator operator = new Operator(vertex.getParallelism(), vertex.getMaxParallelism());
      for (OperatorIDPair id : vertex.getOperatorIDs()) {
        operators.put(id.getUserDefinedOperatorID().orElse(id.getGeneratedOperatorID()), operator);
      }
    }
    return new FlinkPlan(operators);
  }

  /** An environment that keeps what it is told to run. */
  private static final class Capture extends StreamExecutionEnvironment {

    private @Nullable StreamGraph graph;

    static StreamGraph graphOf(Pipeline pipeline) {
      Capture capture = new Capture();
      initializeContextEnvironment(unused -> capture);
      try {
        pipeline.run();
      } finally {
        resetContextEnvironment();
      }
      if (capture.graph == null) {
        throw new IllegalStateException("This version of Beam runs jobs in another way");
      }
      return capture.graph;
    }

    private Capture() {
      super(new Configuration());
    }

    /** Returns no client: there is no job. The runner of Beam only hands it on. */
    @Override
    public @Nullable JobClient executeAsync(StreamGraph given) {
      graph = given;
      return null;
    }
  }
}
