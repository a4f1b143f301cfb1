package org.beamtemplates.pipelines.realtimeanalytics;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CrashingRunner;
import org.beamtemplates.testing.graph.GraphSnapshot;
import org.beamtemplates.transforms.upgrade.PipelineGraph;
import org.junit.jupiter.api.Test;

/** Names, state and coders by which a running job finds its state after an update. */
class RealtimeAnalyticsGraphTest {

  @Test
  void keepsItsGraphFromKafkaToKafka() {
    GraphSnapshot.of(getClass(), "kafka-to-kafka.txt")
        .holds(
            graph(
                "--bootstrapServers=broker.invalid:9092",
                "--registryUrl=http://registry.invalid:8081",
                "--inputTopic=page-events",
                "--startFrom=earliest",
                "--outputTopic=page-statistics"));
  }

  @Test
  void keepsItsGraphFromFilesToFiles() {
    GraphSnapshot.of(getClass(), "files-to-files.txt")
        .holds(graph("--input=in/*.jsonl", "--output=out"));
  }

  @Test
  void keepsItsGraphFromKafkaToADatabase() {
    GraphSnapshot.of(getClass(), "kafka-to-jdbc.txt")
        .holds(
            graph(
                "--bootstrapServers=broker.invalid:9092",
                "--registryUrl=http://registry.invalid:8081",
                "--inputTopic=page-events",
                "--startFrom=earliest",
                "--outputJdbcUrl=jdbc:postgresql://database.invalid/analytics",
                "--jdbcPassword=env:NOT_SET"));
  }

  private static PipelineGraph graph(String... args) {
    RealtimeAnalyticsOptions options =
        PipelineOptionsFactory.fromArgs(args).as(RealtimeAnalyticsOptions.class);
    // Replaces no step by one of its own.
    options.setRunner(CrashingRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    return PipelineGraph.of(pipeline);
  }
}
