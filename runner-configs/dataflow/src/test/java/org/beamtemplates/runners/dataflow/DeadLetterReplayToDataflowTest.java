package org.beamtemplates.runners.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.beamtemplates.pipelines.deadletterreplay.DeadLetterReplay;
import org.beamtemplates.pipelines.deadletterreplay.DeadLetterReplayOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The template translates to a Dataflow job with the graph that it has on every runner, without a
 * network. Nothing here shows that the job runs on Dataflow.
 */
class DeadLetterReplayToDataflowTest {

  @TempDir Path folder;

  @Test
  void fromATopic() throws IOException {
    assertThat(translate("--deadLetterTopic=page-events.dead-letters"))
        .isEqualTo(GraphSteps.committed(DeadLetterReplay.NAME, "from-topic.txt"));
  }

  @Test
  void fromFiles() throws IOException {
    assertThat(translate("--deadLetters=out/dead-letters/*.avro", "--ledgerTopic=replayed"))
        .isEqualTo(GraphSteps.committed(DeadLetterReplay.NAME, "from-files.txt"));
  }

  /** Returns the graph that would be sent to the service. */
  private GraphSteps translate(String... flags) throws IOException {
    Path jobFile = folder.resolve("job.json");
    List<String> args = new ArrayList<>(List.of(flags));
    args.addAll(
        List.of(
            "--bootstrapServers=broker.invalid:9092",
            "--runner=DataflowRunner",
            "--experiments=use_runner_v2",
            "--project=a-project",
            "--region=us-central1",
            "--gcpTempLocation=gs://a-bucket/tmp",
            "--stagingLocation=" + folder,
            "--templateLocation=" + jobFile,
            "--credentialFactoryClass=" + NoopCredentialFactory.class.getName(),
            "--pathValidatorClass=" + NoopPathValidator.class.getName(),
            "--stagerClass=" + LocalStager.class.getName()));
    DeadLetterReplayOptions options =
        PipelineOptionsFactory.fromArgs(args.toArray(String[]::new))
            .as(DeadLetterReplayOptions.class);
    try (NetworkWatch network = NetworkWatch.start()) {
      Pipeline pipeline = Pipeline.create(options);
      new DeadLetterReplay().build(pipeline, options);
      pipeline.run();

      assertThat(network.attempts()).isEmpty();
    }
    String graph =
        new ObjectMapper()
            .readTree(jobFile.toFile())
            .at("/environment/sdkPipelineOptions/options/pipelineUrl")
            .asText();
    return GraphSteps.staged(Path.of(graph));
  }
}
