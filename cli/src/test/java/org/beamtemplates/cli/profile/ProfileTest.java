package org.beamtemplates.cli.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {

  @TempDir private Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutPerfEventsTimersSampleAndTheUserIsTold() {
    Profile profile = flameGraph(ProfileKind.CPU, false);

    assertThat(profile.jvmFlags().get(0)).contains("event=ctimer,threads,");
    assertThat(profile.notice())
        .contains("does not allow perf_event", "ctimer")
        .doesNotContain("\n");
  }

  @Test
  void withPerfEventsThereIsNothingToTell() {
    Profile profile = flameGraph(ProfileKind.CPU, true);

    assertThat(profile.jvmFlags().get(0)).contains("event=cpu,threads,");
    assertThat(profile.notice()).isEmpty();
  }

  @Test
  void allocationsNeedNoPerfEvents() {
    Profile profile = flameGraph(ProfileKind.ALLOC, false);

    assertThat(profile.jvmFlags().get(0)).contains("event=alloc,threads,");
    assertThat(profile.notice()).isEmpty();
  }

  @Test
  void aRecordingNeedsNoForeignLibrary() {
    Profile profile =
        Profile.of(ProfileKind.JFR, "sample", "", folder.resolve("a/job.log"), folder);

    assertThat(profile.file()).isEqualTo(folder.resolve("a/job.jfr"));
    assertThat(String.join(" ", profile.jvmFlags())).doesNotContain("agentpath");
    assertThat(profile.classpath()).containsExactly(folder.resolve("recording"));
  }

  @Test
  void aFolderGetsAFileNamedLikeTheLog() {
    assertThat(fileFor(ProfileKind.CPU, folder.toString()))
        .isEqualTo(folder.resolve("job.cpu.html"));
    assertThat(fileFor(ProfileKind.ALLOC, folder + "/made/"))
        .isEqualTo(folder.resolve("made/job.alloc.html"));
    assertThat(folder.resolve("made")).isDirectory();
  }

  @Test
  void aFileIsTakenAsItIs() {
    assertThat(fileFor(ProfileKind.CPU, folder + "/mine.html"))
        .isEqualTo(folder.resolve("mine.html"));
  }

  @Test
  void filesThatCannotBeWrittenAreRefusedBeforeTheJobRuns() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertRefused(ProfileKind.JFR, "a.html", "--profileTo is a.html", "ends with .jfr");
    assertRefused(ProfileKind.CPU, file + "/a.html", "none can be made");
    assertRefused(ProfileKind.CPU, folder + "/a,b.html", "does not take the character ,");
    assertRefused(ProfileKind.JFR, folder + "/%p.jfr", "does not take the character %");
  }

  private static void assertRefused(ProfileKind kind, String to, String... messages) {
    assertThatThrownBy(() -> fileFor(kind, to))
        .isInstanceOf(Refusal.class)
        .hasMessageContainingAll(messages);
  }

  private static Path fileFor(ProfileKind kind, String to) {
    return ProfileFile.of(kind, to, Path.of("logs", "job" + kind.extension()));
  }

  private Profile flameGraph(ProfileKind kind, boolean perfEvents) {
    Path file = folder.resolve("job" + kind.extension());
    Path library = folder.resolve("libasyncProfiler.so");
    return Profile.flameGraph(
        kind, "sample", file, folder, new AsyncProfilerLibrary(library, perfEvents));
  }
}
