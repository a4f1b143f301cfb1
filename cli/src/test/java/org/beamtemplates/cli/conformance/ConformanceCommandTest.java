package org.beamtemplates.cli.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConformanceCommandTest {

  @TempDir private Path root;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void letTestsHaveRun() throws IOException {
    note("common-transforms", "direct", "Join\tjoins\tt1\tpassed\t", "Join\tjoins\tt2\tpassed\t");
    note("pipelines/sample", "direct", "sample\tfrom files\tt3\tpassed\t");
    note(
        "runner-configs/spark",
        "spark",
        "Join\tjoins\tt1\tpassed\t",
        "Join\tjoins\tt2\tskipped\tnot applicable: no clock",
        "sample\tfrom files\tt3\tpassed\t",
        "sample\tfrom Kafka\tt4\tskipped\trefused: no streams");
  }

  @Test
  void writesALineForEachCapabilityAndAColumnForEachConfig() throws IOException {
    assertThat(execute()).isZero();

    assertThat(page())
        .contains(
            """
            | of | what | direct | flink | spark |
            |---|---|---|---|---|
            | Join | joins | passes 2 | – | passes 1, not applicable 1 [1] |
            | sample | from Kafka | – | – | refused 1 [2] |
            | sample | from files | passes 1 | – | passes 1 |

            [1] no clock

            [2] no streams
            """);
    assertThat(out.toString()).contains("| Join | joins |", "docs/conformance.md has changed");
  }

  @Test
  void saysThatNothingHasChanged() {
    execute();

    assertThat(execute()).isZero();
    assertThat(out.toString()).contains("docs/conformance.md is as it was");
  }

  @Test
  void takesTheLastResultOfATestThatRanTwice() throws IOException {
    note("common-transforms", "direct", "Join\tjoins\tt2\tfailed\tbroken");

    assertThat(execute()).as("something fails").isEqualTo(1);

    assertThat(page()).contains("| Join | joins | FAILS 1, passes 1 |");
  }

  @Test
  void checksThePageAgainstWhatHasRun() throws IOException {
    execute();
    assertThat(execute("--check")).isZero();
    assertThat(out.toString()).contains("is what the tests say of direct, spark");

    note("pipelines/sample", "direct", "sample\tfrom a queue\tt5\tpassed\t");

    assertThat(execute("--check")).isEqualTo(1);
    assertThat(out.toString())
        .contains("stale", "sample, from a queue, on direct: –; the tests: passes 1");
    assertThat(page()).as("is not written").doesNotContain("queue");
  }

  @Test
  void checksNothingOfAConfigThatHasNotRun() throws IOException {
    execute();
    Files.delete(root.resolve("runner-configs/spark/target/conformance/spark.tsv"));

    assertThat(execute("--check")).isZero();

    assertThat(out.toString()).contains("is what the tests say of direct");
  }

  @Test
  void refusesWithoutResults() throws IOException {
    root = Files.createDirectories(root.resolve("empty"));

    assertThat(execute("--check")).isEqualTo(2);

    assertThat(err.toString()).contains("no results of tests", "./mvnw verify");
  }

  private int execute(String... args) {
    return new CommandLine(new ConformanceCommand(root, List.of("direct", "flink", "spark")))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private String page() throws IOException {
    return Files.readString(root.resolve("docs/conformance.md"), UTF_8);
  }

  private void note(String module, String config, String... lines) throws IOException {
    Path file = root.resolve(module).resolve("target/conformance").resolve(config + ".tsv");
    Files.createDirectories(file.getParent());
    String before = Files.exists(file) ? Files.readString(file, UTF_8) : "";
    Files.writeString(file, before + String.join("\n", lines) + "\n", UTF_8);
  }
}
