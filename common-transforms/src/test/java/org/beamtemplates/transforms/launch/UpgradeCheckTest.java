package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.beamtemplates.testing.FakeTemplate;
import org.beamtemplates.testing.Launched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a job can go on, asked in place of a launch. */
class UpgradeCheckTest {

  /** What the counting step is called. */
  public interface Options extends PipelineOptions {

    @Description("Name of the step.")
    String getStep();

    void setStep(String step);
  }

  private static final Template<Options> COUNTING =
      FakeTemplate.of("counting", Options.class)
          .checkingTheWorld((options, problems) -> problems.add("", "nothing is launched"))
          .building(
              (pipeline, options) ->
                  pipeline
                      .apply("Words", Create.of("a", "b"))
                      .apply(options.getStep(), Count.perElement()));

  @TempDir Path folder;

  @Test
  void aSavedGraphIsOneToGoOnFrom() throws IOException {
    Path graph = folder.resolve("graphs/old.txt");

    Launched saved = ask("--step=Count", "--upgrade-save=" + graph);
    assertThat(saved.exitCode()).as(saved.err()).isEqualTo(Launcher.DONE);
    assertThat(Files.readString(graph)).contains("Count/Combine");

    Launched same = ask("--step=Count", "--upgrade-from=" + graph);
    assertThat(same.exitCode()).as(same.err()).isEqualTo(Launcher.DONE);
    assertThat(same.out()).contains("can go on from a savepoint of " + graph);
  }

  @Test
  void aStepWithAnotherNameIsToldAndFails() {
    Path graph = folder.resolve("old.txt");
    ask("--step=Count", "--upgrade-save=" + graph);

    Launched renamed = ask("--step=Tally", "--upgrade-from=" + graph);

    assertThat(renamed.exitCode()).isEqualTo(Launcher.FAILED);
    assertThat(renamed.out())
        .contains("lost     Count/Combine", "new      Tally/Combine", "cannot go on");
  }

  @Test
  void whatCannotBeReadIsABadOption() throws IOException {
    Launched absent = ask("--step=Count", "--upgrade-from=" + folder.resolve("no.txt"));
    assertThat(absent.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(absent.problems()).singleElement().asString().contains("--from", "cannot be read");

    Path none = Files.writeString(folder.resolve("none.txt"), "  state of nothing\n");
    Launched empty = ask("--step=Count", "--upgrade-from=" + none);
    assertThat(empty.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(empty.problems()).singleElement().asString().contains("--from", "holds no graph");
  }

  @Test
  void aRunnerWithoutSavepointsSaysSo() {
    Launched launched = ask("--step=Count", "--upgrade-from=" + folder);

    assertThat(launched.exitCode()).isEqualTo(Launcher.FAILED);
    assertThat(launched.out()).contains("no savepoint can be looked at", "give a saved graph");
  }

  private static Launched ask(String... args) {
    return Launched.of(COUNTING, args);
  }
}
