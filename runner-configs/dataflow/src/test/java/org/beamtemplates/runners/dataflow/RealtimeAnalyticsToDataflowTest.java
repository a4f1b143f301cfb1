package org.beamtemplates.runners.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions;
import org.beamtemplates.testing.conformance.Conforms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The template translates to a Dataflow job, without a network. Nothing here shows that the job
 * runs on Dataflow: the service has not seen it, and the client refuses almost nothing.
 */
@Conforms(subject = "realtime-analytics", capability = "translates to a job")
class RealtimeAnalyticsToDataflowTest {

  private static final String[] TOPICS = {
    "--bootstrapServers=broker.invalid:9092",
    "--registryUrl=http://registry.invalid:8081",
    "--inputTopic=page-events",
    "--startFrom=earliest",
    "--outputTopic=page-statistics"
  };

  // Without it KafkaIO contacts the broker while the graph is translated.
  private static final String RUNNER_V2 = "--experiments=use_runner_v2";

  @TempDir Path folder;

  @Test
  void fromKafkaToKafka() throws IOException {
    JsonNode job = translate(and(TOPICS, RUNNER_V2));

    assertThat(job.path("type").asText()).isEqualTo("JOB_TYPE_STREAMING");
    assertHasSteps(
        job,
        "Ingest/Read",
        "Ingest/Decode",
        "Analyse/Deduplicate/DropSeen",
        "Analyse/Aggregate/Combine",
        "Analyse/Complete",
        "Deliver/Send",
        "DeadLetters",
        "WriteDeadLetters");
  }

  @Test
  void fromFilesToFiles() throws IOException {
    JsonNode job =
        translate(
            "--input=" + folder.resolve("in.jsonl"),
            "--output=" + folder.resolve("out"),
            RUNNER_V2);

    assertThat(job.path("type").asText()).isEqualTo("JOB_TYPE_BATCH");
    assertHasSteps(
        job,
        "Ingest/Match",
        "Ingest/Decode",
        "Analyse/Deduplicate/DropSeen",
        "Analyse/Aggregate/Combine",
        "Analyse/Complete",
        "Deliver/Encode",
        "Deliver/WriteFiles",
        "DeadLetters");
  }

  /** Also shows that the watch would see a connection. */
  @Test
  void needsTheBrokerWithoutRunnerV2() {
    try (NetworkWatch network = NetworkWatch.start()) {
      assertThatThrownBy(() -> run(TOPICS))
          .hasRootCauseMessage("No resolvable bootstrap urls given in bootstrap.servers");

      assertThat(network.attempts()).contains("broker.invalid");
    }
  }

  /** Returns the job that would be sent to the service. */
  private JsonNode translate(String... args) throws IOException {
    try (NetworkWatch network = NetworkWatch.start()) {
      run(args);

      assertThat(network.attempts()).isEmpty();
    }
    return new ObjectMapper().readTree(jobFile().toFile());
  }

  private void run(String... args) {
    RealtimeAnalyticsOptions options =
        PipelineOptionsFactory.fromArgs(
                and(
                    args,
                    "--runner=DataflowRunner",
                    "--project=a-project",
                    "--region=us-central1",
                    "--gcpTempLocation=gs://a-bucket/tmp",
                    "--stagingLocation=" + folder,
                    "--templateLocation=" + jobFile(),
                    "--credentialFactoryClass="
                        + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
                    "--pathValidatorClass="
                        + "org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator",
                    "--stagerClass=" + LocalStager.class.getName()))
            .as(RealtimeAnalyticsOptions.class);
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    pipeline.run();
  }

  private Path jobFile() {
    return folder.resolve("job.json");
  }

  /** Looks into the graph that the job refers to. */
  private static void assertHasSteps(JsonNode job, String... names) throws IOException {
    Path graph = Path.of(job.at("/environment/sdkPipelineOptions/options/pipelineUrl").asText());
    Collection<RunnerApi.PTransform> steps =
        RunnerApi.Pipeline.parseFrom(Files.readAllBytes(graph))
            .getComponents()
            .getTransformsMap()
            .values();
    assertThat(steps).extracting(RunnerApi.PTransform::getUniqueName).contains(names);
  }

  private static String[] and(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }
}
