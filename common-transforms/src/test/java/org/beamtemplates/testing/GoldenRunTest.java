package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenRunTest {

  private static final List<String> KEY = List.of("id");

  @TempDir Path folder;

  /** Options of a template from file to file. */
  public interface FileOptions extends PipelineOptions {

    /** File that is read. */
    String getInput();

    void setInput(String value);

    /** Folder that is written. */
    String getOutput();

    void setOutput(String value);
  }

  @Test
  void runsATemplateAndHoldsItsFinalResults() {
    assertThat(copying("").runIn(folder).getState()).isEqualTo(PipelineResult.State.DONE);
  }

  @Test
  void failsWithWhatIsDifferentAndHowToAcceptIt() {
    assertThatThrownBy(() -> copying("\"n\":3").runIn(folder))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "The results differ from golden/expected.jsonl.\nequal: 1 final result in ",
            "different: 1\n  id=2 (",
            "n: expected 3 but found 1",
            "run GoldenRunTest with -Dgolden.update=true",
            "nobody checked proves nothing");
  }

  @Test
  void failsForAFileThatIsNotThere() {
    assertThatThrownBy(() -> GoldenResults.copyOf(getClass(), "absent.jsonl", folder))
        .hasMessageContaining("There is no golden/absent.jsonl");
    assertThatThrownBy(() -> GoldenResults.of(getClass(), "absent.jsonl", KEY).hold(folder))
        .hasMessageContaining("There is no golden/absent.jsonl yet.")
        .hasMessageContaining("-Dgolden.update=true");
  }

  @Test
  void failsIfNothingWasWritten() throws IOException {
    Files.createFile(folder.resolve("results.jsonl"));

    assertThatThrownBy(() -> GoldenResults.of(getClass(), "expected.jsonl", KEY).hold(folder))
        .hasMessageContaining("missing: 2");
  }

  @Test
  void writesTheFileIfToldToAndFailsAllTheSame() throws IOException {
    Files.writeString(
        folder.resolve("results.jsonl"),
        """
        {"id":2,"n":1,"revision":0}
        {"id":1,"n":2.5,"revision":0}
        {"id":2,"n":4,"revision":1,"timing":"LATE"}
        """);
    Path resources = Files.createDirectory(folder.resolve("resources"));
    GoldenResults results = GoldenResults.of(getClass(), "expected.jsonl", KEY).in(resources);
    System.setProperty(GoldenResults.UPDATE, "true");
    try {
      assertThatThrownBy(() -> results.hold(folder.resolve("results.jsonl")))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("Wrote 2 final results to ")
          .hasMessageContaining("check every difference by hand");
    } finally {
      System.clearProperty(GoldenResults.UPDATE);
    }

    assertThat(resources.resolve("golden/expected.jsonl"))
        .hasContent("{\"id\":1,\"n\":2.5}\n{\"id\":2,\"n\":4}\n");
  }

  @Test
  void takesNoFileOfAnotherModule() {
    // JUnit's own, from another place on the class path.
    assertThatThrownBy(() -> GoldenResults.copyOf(Test.class, "input.jsonl", folder))
        .hasMessageContaining("There is no golden/input.jsonl");
  }

  /** Copies the lines, but for those with a text in them. */
  private GoldenRun<FileOptions> copying(String without) {
    return GoldenRun.of(
            FakeTemplate.of("copy", FileOptions.class)
                .building(
                    (pipeline, options) ->
                        pipeline
                            .apply(TextIO.read().from(options.getInput()))
                            .apply(Filter.by(line -> without.isEmpty() || !line.contains(without)))
                            .apply(
                                TextIO.write()
                                    .to(options.getOutput() + "/part")
                                    .withSuffix(".jsonl"))),
            getClass())
        .configured(
            (options, input, output) -> {
              options.setInput(input.toString());
              options.setOutput(output.toString());
            });
  }
}
