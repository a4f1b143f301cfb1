package org.beamtemplates.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.testing.FakeTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TemplatesTest {

  @TempDir private Path root;
  private Path direct;
  private Path execFile;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeCheckout() throws IOException {
    direct = Files.createDirectories(root.resolve("runner-configs/direct"));
    Files.createDirectories(direct.resolve("target"));
    Files.writeString(direct.resolve("direct.options"), "# In this JVM.\n--runner=DirectRunner\n");
    Files.writeString(direct.resolve("jvm.options"), "-Xmx2g\n");
    Files.writeString(direct.resolve("target/runtime.classpath"), "/lib/a.jar:/lib/b c.jar");
    Path flink = Files.createDirectories(root.resolve("runner-configs/flink"));
    Files.writeString(flink.resolve("flink.options"), "--runner=FlinkRunner\n# Embedded.\n");
    Files.writeString(flink.resolve("flink-cluster.options"), "# A cluster.\n");
    execFile = root.resolve("exec");
  }

  @Test
  void listsTemplatesAndConfigsByName() {
    assertThat(execute("list")).isZero();

    assertThat(out.toString())
        .containsSubsequence(
            "  sample ", "For tests.\n",
            "  direct ", "In this JVM.\n",
            "  flink ", "Embedded.\n",
            "  flink-cluster ", "A cluster.\n")
        .doesNotContain("jvm");
  }

  @Test
  void describesTheOptionsOfATemplate() {
    assertThat(execute("describe", "sample")).isZero();

    assertThat(out.toString())
        .startsWith("sample: For tests.\n")
        .contains("--inputTopic=<text>")
        .doesNotContain("tempLocation");
  }

  @Test
  void describesATemplateOnAConfigInTheJvmOfThatConfig() throws IOException {
    assertThat(execute("describe", "sample", "--on", "direct", "--inputTopic=a")).isZero();

    assertThat(Files.readString(execFile).split("\0"))
        .endsWith(
            "@" + root.resolve("runner-configs/direct/direct.options"), "--inputTopic=a", "--help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void asksForAnUpgradeInTheJvmOfTheConfig() throws IOException {
    assertThat(
            execute(
                "upgrade-check",
                "sample",
                "--on",
                "direct",
                "--from=s3://b/savepoint",
                "--inputTopic=a"))
        .isZero();

    assertThat(Files.readString(execFile).split("\0"))
        .endsWith("--inputTopic=a", "--upgrade-from=s3://b/savepoint");

    assertThat(execute("upgrade-check", "sample", "--on", "direct")).isEqualTo(2);
    assertThat(err.toString()).contains("Give --from=<graph or savepoint>");
  }

  @Test
  void namesThatDoNotExistAreAnsweredWithThoseThatDo() {
    assertThat(execute("describe", "sampel")).isEqualTo(2);
    assertThat(err.toString()).contains("no template sampel", "Templates: sample");

    assertThat(execute("run", "sample", "--on", "flnk")).isEqualTo(2);
    assertThat(err.toString())
        .contains("no config flnk. Did you mean flink? Configs: direct, flink, flink-cluster");
  }

  @Test
  void runHandsTheCommandLineToTheScript() throws IOException {
    int exitCode =
        execute(
            "run", "sample", "--on", "direct", "--inputTopic=a b", "--streaming", "@my.options");

    assertThat(exitCode).as(err.toString()).isZero();
    String[] words = Files.readString(execFile, UTF_8).split("\0", -1);
    assertThat(words).hasSize(11);
    assertThat(words[0]).endsWith("/bin/java");
    assertThat(words[1]).isEqualTo("@" + direct.resolve("jvm.options"));
    assertThat(words[2])
        .startsWith("-Dbeamtemplates.log=" + direct.resolve("target/logs/sample-"))
        .endsWith(".log");
    assertThat(words[3]).isEqualTo("-cp");
    assertThat(words[4]).isEqualTo(direct.resolve("target/classes") + ":/lib/a.jar:/lib/b c.jar");
    assertThat(words[5]).isEqualTo(FakeTemplate.class.getName());
    assertThat(words[6]).isEqualTo("@" + direct.resolve("direct.options"));
    assertThat(words[7]).isEqualTo("--inputTopic=a b");
    assertThat(words[8]).isEqualTo("--streaming");
    assertThat(words[9])
        .as("not read by us: the job reads it, with places")
        .isEqualTo("@my.options");
    assertThat(words[10]).as("every word ends with a NUL").isEmpty();
  }

  @Test
  void runPrintsTheCommandLineForAShell() {
    assertThat(
            execute(
                "run", "sample", "--on=direct", "--print", "--jobName=$HOME", "--inputTopic=it's"))
        .isZero();

    assertThat(out.toString())
        .contains(" '--jobName=$HOME' '--inputTopic=it'\\''s'\n")
        .contains(":/lib/b c.jar' " + FakeTemplate.class.getName() + " ");
    assertThat(execFile).doesNotExist();
  }

  @Test
  void runProfilesTheJobIfAsked() throws IOException {
    assertThat(execute("run", "sample", "--on=direct", "--profile=jfr", "--inputTopic=a"))
        .as(err.toString())
        .isZero();

    assertThat(Files.readString(execFile).split("\0"))
        .anyMatch(word -> word.startsWith("-XX:StartFlightRecording="))
        .anyMatch(word -> word.startsWith("-Dbeamtemplates.profile="));
  }

  @Test
  void runSaysWhenNothingIsBuilt() throws IOException {
    Files.delete(direct.resolve("target/runtime.classpath"));

    assertThat(execute("run", "sample", "--on", "direct")).isEqualTo(2);
    assertThat(err.toString()).contains("runtime.classpath: build first");
  }

  @Test
  void runStartsClustersForConfigsOfRunnersThatHaveThem() {
    assertThat(execute("run", "sample", "--on", "direct", "--start-cluster")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "--start-cluster is for configs of Flink and Spark, such as flink-cluster, and not for"
                + " direct");
    assertThat(execFile).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--workers", "--task-managers", "--slots"})
  void runRefusesAClusterOfNothing(String option) {
    assertThat(execute("run", "sample", "--on", "direct", "--start-cluster", option + "=0"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains((option.equals("--slots") ? option : "--workers") + " was 0; 1 at least");
    assertThat(execFile).doesNotExist();
  }

  @Test
  void runNeedsAConfig() {
    assertThat(execute("run", "sample")).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required option: '--on=<config>'");
  }

  @Test
  void runRefusesProfilesThatItCannotTake() {
    assertThat(execute("run", "sample", "--on=direct", "--profile=gpu")).isEqualTo(2);
    assertThat(execute("run", "sample", "--on=direct", "--profileTo=a.jfr")).isEqualTo(2);
    assertThat(execute("run", "sample", "--on=direct", "--profile=jfr", "--profileTo=a.html"))
        .isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "There is no profile of kind gpu. Did you mean cpu? Kinds of profiles: cpu, alloc, jfr",
            "--profileTo is a.jfr, but there is no --profile. Kinds of profiles: cpu, alloc, jfr",
            "--profileTo is a.html, but a profile of kind jfr is a file that ends with .jfr. Give such"
                + " a name, or a folder.");
    assertThat(execFile).doesNotExist();
  }

  @Test
  void comparesResultsByTheKeyOfTheTemplate() throws IOException {
    Path golden = Files.writeString(root.resolve("golden.jsonl"), "{\"id\":1,\"n\":2}\n");
    Path output = Files.createDirectories(root.resolve("out")).resolve("part-0.jsonl");
    Files.writeString(
        output, "{\"id\":1,\"n\":1,\"revision\":0}\n{\"id\":1,\"n\":2,\"revision\":1}\n");

    assertThat(execute("compare", "sample", golden.toString(), output.getParent().toString()))
        .isZero();
    assertThat(out.toString()).isEqualTo("equal: 1 final result in 1 file\n");

    Files.writeString(output, "{\"id\":1,\"n\":1}\n");
    assertThat(execute("compare", "sample", golden.toString(), output.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("n: expected 2 but found 1");
  }

  @Test
  void compareSaysWhichFileIsAbsent() {
    assertThat(execute("compare", "sample", "absent.jsonl", "out")).isEqualTo(2);
    assertThat(err.toString()).contains("no file or folder absent.jsonl");
  }

  @Test
  void compareLooksAtSomeFieldsOnlyIfAsked() throws IOException {
    Path golden = Files.writeString(root.resolve("golden.jsonl"), "{\"id\":1,\"n\":2}\n");
    Path output = Files.writeString(root.resolve("out.jsonl"), "{\"id\":1,\"n\":2,\"m\":3}\n");

    assertThat(execute("compare", "sample", golden.toString(), output.toString())).isEqualTo(1);
    assertThat(execute("compare", "sample", "--fields=n", golden.toString(), output.toString()))
        .isZero();
    assertThat(execute("compare", "sample", "--fields=n,m", golden.toString(), output.toString()))
        .isEqualTo(1);
  }

  @Test
  void aDemoRefusesWhatItCannotShow() {
    assertRefused("no config flnk. Did you mean flink?", "--on", "flnk");
    assertRefused("no template clickstream", "clickstream");
    assertRefused("sample has no demo. Templates with a demo: realtime-analytics", "sample");
    assertRefused("--seconds was 9; allowed are 10 to 3600", "--seconds", "9");
    assertRefused("--seconds was 3601; allowed are 10 to 3600", "--seconds=3601");
    assertRefused("--rate was 99; allowed are 100 to 100000; with fewer", "--rate=99");
    assertRefused("--rate was 100001", "--rate=100001");
    assertRefused("'--seconds': 'x' is not an int", "--seconds=x");
    assertRefused("--kafka-port was 65536; allowed are 1 to 65535", "--kafka-port=65536");
    assertRefused("must be different ports", "--kafka-port=2001", "--postgres-port=2001");
  }

  @Test
  void aDemoPutsTheStateOfTheJobElsewhere() throws IOException {
    Path options =
        Files.writeString(
            direct.resolve("stateful.options"),
            "# ${here}/checkpoints\n --state=file://${here}/checkpoints\n--conf=${here}/conf\n");

    assertThat(new Config(options).withStateIn(Path.of("/scratch")))
        .containsExactly("--state=file:///scratch/checkpoints");
  }

  private void assertRefused(String message, String... args) {
    err.getBuffer().setLength(0);
    String[] all = Stream.concat(Stream.of("demo"), Stream.of(args)).toArray(String[]::new);
    assertThat(execute(all)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void newSaysWhatCannotBeMade() throws IOException {
    Files.writeString(direct.resolve("pom.xml"), "");

    assertThat(execute("new", "cards", "--from", "sampel")).isEqualTo(2);
    assertThat(err.toString()).contains("no template sampel. Did you mean sample?");

    assertThat(execute("new", "cards", "--from", "sample", "--runners", "direct")).isEqualTo(2);
    assertThat(err.toString()).contains("--runners is direct, but it is for a project of its own");

    String out = root.resolve("made").toString();
    assertThat(execute("new", "cards", "--from=sample", "--out", out, "--runners=direct,drect"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("--runners names drect, which is no runner here. Did you mean direct?");
    assertThat(root.resolve("made")).doesNotExist();
  }

  @Test
  void doctorTellsALineForEachCheck() {
    assertThat(execute("doctor")).isLessThan(2);

    assertThat(out.toString())
        .contains("Beam 2.")
        .containsSubsequence(
            "Java", "Memory", "Repository", "Ports", "Maven Central", "Problems: ");
  }

  @Test
  void helpExitsWith0AndNoCommandWith2() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString())
        .contains("list", "describe", "run", "demo", "compare", "new", "doctor");
    assertThat(execute()).isEqualTo(2);
  }

  private int execute(String... args) {
    CommandLine command =
        Templates.create(
            new Catalog(List.of(FakeTemplate.of("sample", SampleOptions.class))),
            new Repository(root),
            execFile.toString());
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(args);
  }

  /** Options of the sample. */
  public interface SampleOptions extends PipelineOptions {

    @Description("Topic that is read.")
    String getInputTopic();

    void setInputTopic(String value);
  }
}
