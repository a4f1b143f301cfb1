package org.beamtemplates.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import one.profiler.AsyncProfiler;
import org.beamtemplates.cli.profile.FlameGraph;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.ParentGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Starts what {@code run --profile} hands to the script, as the script does. */
class ProfiledRunTest {

  private static final Path DIRECT = Path.of("../runner-configs/direct");
  private static final Path GOLDEN =
      Path.of("../pipelines/realtime-analytics/src/test/resources/golden/input.jsonl");

  private static final Pattern ANNOUNCEMENT = Pattern.compile("\nprofile: (\\S+) \\(.+\\)\n$");

  @TempDir private Path root;
  private Path module;
  private Path mark;
  private Process job;

  @BeforeEach
  void makeCheckout() throws IOException, URISyntaxException {
    module = Files.createDirectories(root.resolve("runner-configs/direct"));
    Files.createDirectories(module.resolve("target"));
    for (String file : List.of("direct.options", "jvm.options")) {
      Files.copy(DIRECT.resolve(file), module.resolve(file));
    }
    Files.writeString(module.resolve("target/runtime.classpath"), classpathOfRunners());
    mark = root.resolve("mark");
  }

  @AfterEach
  void endJob() {
    if (job != null) {
      job.destroyForcibly();
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aJobThatIsDoneLeavesItsProcessorTimeBesideItsLog() throws Exception {
    start(
        "realtime-analytics", "--profile", "cpu", "--input=" + GOLDEN, "--output=" + root + "/out");

    assertThat(exitCode()).as(output()).isZero();
    Path file = announced();
    assertThat(file.getParent()).isEqualTo(module.resolve("target/logs"));
    assertThat(file.getFileName().toString()).matches("realtime-analytics-.*\\.cpu\\.html");
    FlameGraph graph = FlameGraph.of(file);
    assertThat(graph.names())
        .contains("org/beamtemplates/pipelines/realtimeanalytics/RealtimeAnalytics.main")
        .anyMatch(name -> name.startsWith("[direct-runner-worker"));
    assertThat(graph.total())
        .as("nanoseconds, not samples")
        .isGreaterThan(Duration.ofMillis(500).toNanos());
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aJobThatIsStoppedLeavesItsAllocations() throws Exception {
    start(
        "spinning",
        "--profile=alloc",
        "--profileTo=" + root + "/profiles/",
        "--blockOnRun=false",
        "--mark=" + mark);
    stop();

    Path file = announced();
    assertThat(file.getParent()).isEqualTo(root.resolve("profiles"));
    FlameGraph graph = FlameGraph.of(file);
    assertThat(graph.names())
        .contains("org/beamtemplates/cli/SpinningTemplate$SpinFn.process", "byte[]");
    assertThat(graph.total()).as("bytes, not samples").isGreaterThan(1L << 30);
  }

  @Test
  void aJobThatIsStoppedLeavesItsRecording() throws Exception {
    Path file = root.resolve("mine.jfr");
    start(
        "spinning", "--profile=jfr", "--profileTo=" + file, "--blockOnRun=false", "--mark=" + mark);
    stop();

    assertThat(announced()).isEqualTo(file);
    assertThat(sampledMethods(file))
        .contains("org.beamtemplates.cli.SpinningTemplate$SpinFn.process");
  }

  private static Stream<String> sampledMethods(Path recording) throws IOException {
    return RecordingFile.readAllEvents(recording).stream()
        .filter(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
        .filter(event -> event.getStackTrace() != null)
        .flatMap(event -> event.getStackTrace().getFrames().stream())
        .map(RecordedFrame::getMethod)
        .map(method -> method.getType().getName() + "." + method.getName())
        .distinct();
  }

  private void start(String... options) throws IOException {
    Path execFile = root.resolve("exec");
    StringWriter messages = new StringWriter();
    CommandLine command =
        Templates.create(
            new Catalog(List.of(new RealtimeAnalytics(), new SpinningTemplate())),
            new Repository(root),
            execFile.toString());
    command.setErr(new PrintWriter(messages, true));
    String[] words =
        Stream.concat(Stream.of("run", "--on", "direct"), Arrays.stream(options))
            .toArray(String[]::new);
    assertThat(command.execute(words)).as(messages.toString()).isZero();
    List<String> job = List.of(Files.readString(execFile, UTF_8).split("\0"));
    this.job =
        new ProcessBuilder(ParentGuard.guarded(job, root))
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("job.out").toFile())
            .start();
  }

  private void stop() throws Exception {
    await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(mark) || !job.isAlive());
    assertThat(job.isAlive()).as(output()).isTrue();
    // Process.destroy would close its standard input as well, by which it knows that we are gone.
    job.toHandle().destroy();
    assertThat(exitCode()).as(output()).isZero();
    assertThat(output()).contains("spinning CANCELLED on request");
  }

  private int exitCode() throws InterruptedException {
    assertThat(job.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return job.exitValue();
  }

  private String output() throws IOException {
    return Files.readString(root.resolve("job.out"), UTF_8);
  }

  /** Returns the file that the job names at its end. */
  private Path announced() throws IOException {
    Matcher last = ANNOUNCEMENT.matcher(output());
    assertThat(last.find()).as(output()).isTrue();
    return Path.of(last.group(1));
  }

  /** The job gets what it needs of this command by its profile only. */
  private static String classpathOfRunners() throws URISyntaxException {
    List<Path> ours = List.of(placeOf(Templates.class), placeOf(AsyncProfiler.class));
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !ours.contains(Path.of(entry)))
        .collect(joining(File.pathSeparator));
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
