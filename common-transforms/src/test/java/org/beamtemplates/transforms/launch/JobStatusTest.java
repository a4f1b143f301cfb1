package org.beamtemplates.transforms.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.beamtemplates.transforms.launch.JobStatus.Stage;
import org.beamtemplates.transforms.launch.JobStatus.State;
import org.beamtemplates.transforms.observe.StageCounters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobStatusTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  @AfterEach
  void forget() {
    System.clearProperty(JobStatus.PROPERTY);
  }

  @Test
  void aJobThatIsDoneLeavesItsLastCounters() {
    Path file = folder.resolve("status.json");

    assertThat(launch(new Steps(-1), file)).isEqualTo(Launcher.DONE);

    JobStatus status = JobStatus.read(file).orElseThrow();
    assertThat(status.state()).isEqualTo(State.DONE);
    assertThat(status.uptimeMillis()).isPositive();
    assertThat(status.stages()).containsExactly(new Stage("step", 3, 2, 1, 0, 0, 0));
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void aJobThatFailsLeavesThat() {
    Path file = folder.resolve("status.json");

    assertThat(launch(new Steps(2), file)).isEqualTo(Launcher.FAILED);

    assertThat(JobStatus.read(file)).map(JobStatus::state).contains(State.FAILED);
  }

  @Test
  void aFileThatCannotBeWrittenDoesNotDisturbTheJob() {
    Path file = folder.resolve("no-such-folder").resolve("status.json");

    assertThat(launch(new Steps(-1), file)).isEqualTo(Launcher.DONE);

    assertThat(text.toString(UTF_8)).contains("steps DONE");
    assertThat(JobStatus.read(file)).isEmpty();
  }

  @Test
  void readsWhatALaterVersionWrites() throws Exception {
    Path file = folder.resolve("status.json");
    Files.writeString(
        file,
        """
        {"state":"RUNNING","uptimeMillis":1500,"watermark":"unknown here","stages":[
          {"stage":"ingest","in":6,"out":1,"dead":2,"filtered":0,"duplicate":3,"late":0,"parked":0}]}
        """);

    assertThat(JobStatus.read(file))
        .contains(
            new JobStatus(State.RUNNING, 1500, List.of(new Stage("ingest", 6, 1, 2, 0, 3, 0))));
  }

  @Test
  void saysWhichFileIsNoStatus() throws Exception {
    Path file = Files.writeString(folder.resolve("status.json"), "{\"state\":\"ASLEEP\"}");

    assertThatThrownBy(() -> JobStatus.read(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString());
  }

  private int launch(Template<?> template, Path statusFile) {
    System.setProperty(JobStatus.PROPERTY, statusFile.toString());
    PrintStream stream = new PrintStream(text, true, UTF_8);
    return Launcher.run(template, new String[] {"--runner=DirectRunner"}, stream, stream);
  }

  private static final class StepFn extends DoFn<Integer, Integer> {

    private static final long serialVersionUID = 1L;

    private final StageCounters counters = StageCounters.of("step");
    private final int poison;

    StepFn(int poison) {
      this.poison = poison;
    }

    @ProcessElement
    public void process(@Element Integer number) {
      if (number == poison) {
        throw new IllegalArgumentException("not " + poison);
      }
      counters.in();
      if (number == 1) {
        counters.dead();
      } else {
        counters.out();
      }
    }
  }

  /** Counts three numbers, of which the first is dead and one can be poison. */
  private record Steps(int poison) implements Template<PipelineOptions> {

    @Override
    public String name() {
      return "steps";
    }

    @Override
    public String summary() {
      return "Counts.";
    }

    @Override
    public Class<PipelineOptions> optionsClass() {
      return PipelineOptions.class;
    }

    @Override
    public List<String> resultKey() {
      return List.of("number");
    }

    @Override
    public void validate(PipelineOptions options, Problems problems) {}

    @Override
    public void preflight(PipelineOptions options, Problems problems) {}

    @Override
    public void build(Pipeline pipeline, PipelineOptions options) {
      pipeline.apply(Create.of(1, 2, 3)).apply("Step", ParDo.of(new StepFn(poison)));
    }
  }
}
