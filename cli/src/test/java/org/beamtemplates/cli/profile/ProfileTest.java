package org.beamtemplates.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProfileTest {

  private static final int REFUSED = 2;

  @TempDir private Path root;
  private Path log;
  private Path folder;

  @BeforeEach
  void namePaths() {
    log = root.resolve("logs/sample-1.log");
    folder = root.resolve("profiler");
  }

  @ParameterizedTest
  @EnumSource(names = {"CPU", "ALLOC"})
  void drawsWhatTheJobSpendsThoughItEndsBadly(ProfileKind kind) throws Exception {
    assumeTrue(
        AsyncProfilerLibrary.platform(System.getProperty("os.name"), System.getProperty("os.arch"))
            .isPresent(),
        "there is no async-profiler for this system");
    Profile profile = Profile.of(kind, "burning", "", log, folder);

    String said = launch(profile);

    assertThat(profile.file()).hasFileName("sample-1." + kind.word() + ".html");
    assertThat(said).contains("profile: " + profile.file());
    assertThat(Files.readString(profile.file())).contains("<html", BurningJob.FRAME);
  }

  @Test
  void recordsWhatTheJobSpends() throws Exception {
    Profile profile = Profile.of(ProfileKind.JFR, "burning", root + "/", log, folder);

    String said = launch(profile);

    assertThat(profile.file()).isEqualTo(root.resolve("sample-1.jfr"));
    assertThat(said).contains("profile: " + profile.file());
    assertThat(samples(profile.file())).contains(BurningJob.FRAME);
  }

  @Test
  void putsNothingIntoAJobButItsOwnClass() {
    Profile profile = Profile.of(ProfileKind.JFR, "sample", "", log, folder);

    assertThat(profile.classpath()).containsExactly(folder.resolve("recording"));
    assertThat(profile.notice()).isEmpty();
  }

  @Test
  void refusesAFileThatNothingCouldOpen() {
    assertThatThrownBy(
            () -> Profile.of(ProfileKind.JFR, "sample", root.resolve("a.html") + "", log, folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("a.html", "ends with .jfr");
    assertThatThrownBy(
            () -> Profile.of(ProfileKind.JFR, "sample", root.resolve("a,b.jfr") + "", log, folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("does not take the character ,");
  }

  @Test
  void refusesAFolderThatCannotBe() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");

    assertThatThrownBy(
            () -> Profile.of(ProfileKind.JFR, "sample", file.resolve("a.jfr") + "", log, folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--profileTo");
  }

  @Test
  void knowsTheSystemsOfAsyncProfiler() {
    assertThat(AsyncProfilerLibrary.platform("Linux", "amd64")).contains("linux-x64");
    assertThat(AsyncProfilerLibrary.platform("Linux", "aarch64")).contains("linux-arm64");
    assertThat(AsyncProfilerLibrary.platform("Mac OS X", "aarch64")).contains("macos");
    assertThat(AsyncProfilerLibrary.platform("Windows 11", "amd64")).isEmpty();
    assertThat(AsyncProfilerLibrary.platform("Linux", "s390x")).isEmpty();
  }

  private String launch(Profile profile) throws IOException, InterruptedException {
    List<String> classpath = new ArrayList<>();
    classpath.add(System.getProperty("java.class.path"));
    profile.classpath().forEach(path -> classpath.add(path.toString()));
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    words.addAll(profile.jvmFlags());
    words.addAll(List.of("-cp", String.join(File.pathSeparator, classpath)));
    words.add(BurningJob.class.getName());
    Path said = root.resolve("said");
    Process job =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(job.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(job.exitValue()).as(Files.readString(said)).isEqualTo(REFUSED);
      return Files.readString(said);
    } finally {
      job.destroyForcibly();
    }
  }

  private static List<String> samples(Path file) throws IOException {
    List<String> methods = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
          methods.add(frame.getMethod().getName());
        }
      }
    }
    return methods;
  }
}
