package org.beamtemplates.runners.dataflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.StoppableLaunch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The template is launched as by a user, and its job is sent to a stub of Dataflow: the job has the
 * steps, and the state in them, that it has on every runner. The service has not seen it.
 */
@ExtendWith(KafkaExtension.class)
class RealtimeAnalyticsSubmissionTest {

  private static final String PROJECT = "a-project";
  private static final String REGION = "us-central1";

  @TempDir Path folder;
  private StubJobService dataflow;

  @BeforeEach
  void startStub() throws IOException {
    dataflow = StubJobService.start(PROJECT, REGION, "JOB_STATE_RUNNING", "JOB_STATE_DONE");
  }

  @AfterEach
  void stopStub() {
    dataflow.close();
  }

  @Test
  void filesToFiles() throws IOException {
    Path input = Files.createFile(folder.resolve("input.jsonl"));

    Launched launched = launch("--input=" + input, "--output=" + folder.resolve("out"));

    assertSubmitted(launched, "JOB_TYPE_BATCH");
    assertThat(staged())
        .isEqualTo(GraphSteps.committed(RealtimeAnalytics.NAME, "files-to-files.txt"));
  }

  @Test
  void kafkaToKafka(LocalKafka kafka) throws IOException {
    List.of("sent-events", "sent-statistics", "sent-events.dead-letters")
        .forEach(topic -> kafka.createTopic(topic, 1));

    Launched launched =
        launch(
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--inputTopic=sent-events",
            "--inputEncoding=JSON",
            "--startFrom=earliest",
            "--outputTopic=sent-statistics",
            "--outputEncoding=JSON");

    assertSubmitted(launched, "JOB_TYPE_STREAMING");
    // KafkaIO reads by a splittable DoFn there, and by an unbounded source elsewhere.
    String reader = "Ingest/Read";
    assertThat(staged().without(reader))
        .isEqualTo(
            GraphSteps.committed(RealtimeAnalytics.NAME, "kafka-to-kafka.txt").without(reader));
  }

  @Test
  void stoppingTheLaunchCancelsTheJob() throws IOException {
    dataflow.close();
    dataflow = StubJobService.start(PROJECT, REGION, "JOB_STATE_RUNNING");
    Path input = Files.createFile(folder.resolve("input.jsonl"));

    StoppableLaunch launch =
        StoppableLaunch.start(
            new RealtimeAnalytics(),
            withStub("--input=" + input, "--output=" + folder.resolve("out")));
    await().atMost(Duration.ofMinutes(1)).until(() -> launch.hasEnded() || dataflow.polls() > 0);

    assertThat(launch.stop()).as(launch.text()).isEqualTo(Launcher.DONE);
    assertThat(launch.text())
        .contains("CANCELLED on request")
        .contains("Dataflow job " + StubJobService.JOB_ID);
    assertThat(dataflow.requestedStates()).containsExactly("JOB_STATE_CANCELLED");
    assertThat(dataflow.unknown()).isEmpty();
  }

  private String[] withStub(String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(
        List.of(
            "@dataflow.options",
            "--project=" + PROJECT,
            "--region=" + REGION,
            "--tempLocation=gs://a-bucket/tmp",
            "--gcpTempLocation=gs://a-bucket/tmp",
            "--stagingLocation=" + folder.resolve("staging"),
            "--apiRootUrl=" + dataflow.url(),
            "--credentialFactoryClass=" + NoopCredentialFactory.class.getName(),
            "--pathValidatorClass=" + NoopPathValidator.class.getName(),
            "--stagerClass=" + LocalStager.class.getName()));
    return all.toArray(String[]::new);
  }

  private Launched launch(String... flags) {
    try (NetworkWatch network = NetworkWatch.start()) {
      Launched launched = Launched.of(new RealtimeAnalytics(), withStub(flags));

      assertThat(network.attempts()).allMatch(attempt -> attempt.startsWith("127.0.0.1"));
      return launched;
    }
  }

  private void assertSubmitted(Launched launched, String type) throws IOException {
    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out())
        .contains(RealtimeAnalytics.NAME + " DONE")
        .contains("Dataflow job " + StubJobService.JOB_ID + ": https://console.cloud.google.com/")
        .contains(PROJECT);
    assertThat(dataflow.polls()).isGreaterThanOrEqualTo(2);
    assertThat(dataflow.unknown()).isEmpty();
    JsonNode job = dataflow.submitted();
    assertThat(job.path("type").asText()).isEqualTo(type);
    assertThat(job.at("/environment/experiments").toString()).contains("use_runner_v2");
    // A portable job has its steps in the graph that it refers to, and nowhere else.
    assertThat(job.path("steps")).isEmpty();
  }

  private GraphSteps staged() throws IOException {
    String graph =
        dataflow.submitted().at("/environment/sdkPipelineOptions/options/pipelineUrl").asText();
    return GraphSteps.staged(Path.of(graph));
  }
}
