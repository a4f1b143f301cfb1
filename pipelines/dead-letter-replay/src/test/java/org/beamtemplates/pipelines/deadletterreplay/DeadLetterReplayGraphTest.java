package org.beamtemplates.pipelines.deadletterreplay;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CrashingRunner;
import org.beamtemplates.testing.graph.GraphSnapshot;
import org.beamtemplates.transforms.upgrade.PipelineGraph;
import org.junit.jupiter.api.Test;

/** Names and coders of the graph, which is built without a network. */
class DeadLetterReplayGraphTest {

  @Test
  void keepsItsGraphFromATopic() {
    GraphSnapshot.of(getClass(), "from-topic.txt")
        .holds(graph("--deadLetterTopic=page-events.dead-letters"));
  }

  @Test
  void keepsItsGraphFromFiles() {
    GraphSnapshot.of(getClass(), "from-files.txt")
        .holds(graph("--deadLetters=out/dead-letters/*.avro", "--ledgerTopic=replayed"));
  }

  private static PipelineGraph graph(String... args) {
    DeadLetterReplayOptions options =
        PipelineOptionsFactory.fromArgs(args).as(DeadLetterReplayOptions.class);
    options.setBootstrapServers("broker.invalid:9092");
    // Replaces no step by one of its own.
    options.setRunner(CrashingRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    new DeadLetterReplay().build(pipeline, options);
    return PipelineGraph.of(pipeline);
  }
}
