package org.beamtemplates.runners.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launches with the shipped options, without a network. */
class DataflowLaunchTest {

  @TempDir Path folder;

  @Test
  void saysAtOnceWhatALaunchLacks() throws IOException {
    try (NetworkWatch network = NetworkWatch.start()) {
      Launched launched = launch("--tempLocation=/tmp");

      assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
      assertThat(launched.problems())
          .anyMatch(line -> line.contains("--project") && line.contains("is missing"))
          .anyMatch(line -> line.contains("--region") && line.contains("such as us-central1"))
          .anyMatch(line -> line.contains("--tempLocation") && line.contains("is /tmp; give"))
          .hasSize(3);
      assertThat(network.attempts()).isEmpty();
    }
  }

  @Test
  void refusesExperimentsWithoutThePortableRunner() throws IOException {
    Launched launched =
        Launched.of(
            new RealtimeAnalytics(),
            "--runner=DataflowRunner",
            "--project=a-project",
            "--region=us-central1",
            "--tempLocation=gs://a-bucket/tmp",
            "--input=" + input(),
            "--output=" + folder.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--experiments", "lacks use_runner_v2");
  }

  @Test
  void explainsAJobWithoutANetwork() throws IOException {
    try (NetworkWatch network = NetworkWatch.start()) {
      Launched launched =
          launch(
              "--explain",
              "--project=a-project",
              "--region=us-central1",
              "--tempLocation=gs://a-bucket/tmp",
              "--gcpTempLocation=gs://a-bucket/tmp",
              "--stagingLocation=" + folder.resolve("staging"),
              "--credentialFactoryClass="
                  + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
              "--pathValidatorClass="
                  + "org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator");

      assertThat(launched.err()).isEmpty();
      assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
      assertThat(launched.out())
          .contains("on Dataflow, project a-project, region us-central1", "4 at most")
          .contains("none has been");
      assertThat(network.attempts()).isEmpty();
    }
  }

  @Test
  void writesATemplateThatIsToBeStartedLater() throws IOException {
    Path job = folder.resolve("job.json");

    Launched launched =
        launch(
            "--project=a-project",
            "--region=us-central1",
            "--tempLocation=gs://a-bucket/tmp",
            // By default the runner derives these, and asks the bucket for its policy of deletion.
            "--gcpTempLocation=gs://a-bucket/tmp",
            "--stagingLocation=" + folder.resolve("staging"),
            "--templateLocation=" + job,
            "--credentialFactoryClass="
                + "org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory",
            "--pathValidatorClass="
                + "org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator",
            "--stagerClass=" + LocalStager.class.getName());

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out()).startsWith("realtime-analytics on dataflow;").contains("DONE");
    assertThat(Files.readString(job)).contains("JOB_TYPE_BATCH", "use_runner_v2");
    assertThat(launched.out())
        .contains("translated, " + stagedSteps() + " steps; written to " + job);
  }

  /** Counts what the graph for the workers has. */
  private long stagedSteps() throws IOException {
    try (DirectoryStream<Path> graphs =
        Files.newDirectoryStream(folder.resolve("staging"), "pipeline*.pb")) {
      return RunnerApi.Pipeline.parseFrom(Files.readAllBytes(graphs.iterator().next()))
          .getComponents()
          .getTransformsMap()
          .values()
          .stream()
          .filter(step -> step.getSubtransformsCount() == 0)
          .count();
    }
  }

  private Launched launch(String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of("@dataflow.options"));
    all.addAll(List.of(flags));
    all.add("--input=" + input());
    all.add("--output=" + folder.resolve("out"));
    return Launched.of(new RealtimeAnalytics(), all.toArray(String[]::new));
  }

  private Path input() throws IOException {
    Path input = folder.resolve("input.jsonl");
    return Files.exists(input) ? input : Files.createFile(input);
  }
}
