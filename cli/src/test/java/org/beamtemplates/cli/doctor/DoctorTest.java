package org.beamtemplates.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.beamtemplates.cli.doctor.Finding.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  private static final long GB = Bytes.GIGABYTE;

  @TempDir private Path folder;

  @Test
  void tellsALineForEachFindingAndCountsThem() {
    StringWriter out = new StringWriter();
    Doctor doctor =
        new Doctor(
            List.of(
                () -> Finding.ok("Tea", "warm"),
                () -> Finding.warning("Milk", "old", "Smell it."),
                () -> Finding.problem("Cup", "broken", "Buy one.")));

    assertThat(doctor.report(new PrintWriter(out))).isFalse();

    assertThat(out.toString().lines())
        .contains(
            "ok       Tea               warm",
            "warning  Milk              old",
            "                           -> Smell it.",
            "problem  Cup               broken",
            "Problems: 1, warnings: 1.");
    assertThat(
            new Doctor(List.of(() -> Finding.warning("a", "b", "c"))).report(new PrintWriter(out)))
        .as("a warning is no problem")
        .isTrue();
  }

  @Test
  void versionsComeFromTheBuild() {
    assertThat(Versions.line())
        .matches(".*Beam \\d+\\.\\d+\\.\\d+,.*")
        .contains("beam-templates ", "Kafka ")
        .doesNotContain("$");
  }

  @Test
  void javaMustBe17WithACompiler() {
    assertThat(java(17, true).look()).matches(is(Level.OK)).satisfies(this::namesJava);
    assertThat(java(21, true).look()).matches(is(Level.PROBLEM)).satisfies(this::namesJava);
    assertThat(java(17, false).look().advice()).contains("JDK 17", "JRE");
  }

  private static JavaCheck java(int feature, boolean compiler) {
    return new JavaCheck(feature, feature + ".0.1", "Acme", "/opt/java", compiler, "");
  }

  private void namesJava(Finding finding) {
    assertThat(finding.fact()).contains(".0.1 (Acme) in /opt/java, JAVA_HOME is not set");
  }

  @Test
  void memoryMustHoldAJob() {
    assertThat(new MemoryCheck(8 * GB, 4 * GB, 2 * GB).look()).matches(is(Level.OK));
    assertThat(new MemoryCheck(8 * GB, 2 * GB, 2 * GB).look()).matches(is(Level.WARNING));
    assertThat(new MemoryCheck(2 * GB, 2 * GB, 2 * GB).look())
        .matches(is(Level.PROBLEM))
        .extracting(Finding::advice)
        .asString()
        .contains("-Xmx");
  }

  @Test
  void heapsAreReadFromFlags() {
    assertThat(Bytes.heap("# -Xmx1g\n-Xmx2g\n")).hasValue(2 * GB);
    assertThat(Bytes.heap("-Xmx512m")).hasValue(GB / 2);
    assertThat(Bytes.heap("-Xms1g")).isEmpty();
    assertThat(Bytes.text(GB * 3 / 2)).isEqualTo("1.5 GB");
    assertThat(Bytes.text(3 * Bytes.MEGABYTE)).isEqualTo("3 MB");
  }

  @Test
  void foldersMustTakeFilesAndHaveRoom() {
    assertThat(folder(true, 3 * GB).look()).isEqualTo(Finding.ok("Cache", "3.0 GB free at /c"));
    assertThat(folder(true, GB).look())
        .isEqualTo(
            Finding.problem(
                "Cache", "1.0 GB free at /c", "Make room: 2.0 GB are needed. Move it."));
    assertThat(folder(false, 3 * GB).look())
        .matches(is(Level.PROBLEM))
        .extracting(Finding::fact)
        .isEqualTo("cannot be written: /c");
  }

  private static FolderCheck folder(boolean writable, long free) {
    return new FolderCheck(
        "Cache", Path.of("/c"), new FolderCheck.State(writable, free), 2 * GB, "Move it.");
  }

  @Test
  void aFolderThatIsNotThereYetIsLookedAtWhereItWillBe() throws IOException {
    assertThat(Machine.state(folder.resolve("not/yet")).writable()).isTrue();
    assertThat(Machine.state(folder.resolve("not/yet")).free()).isPositive();
    assertThat(folder).isEmptyDirectory();

    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(Machine.state(file.resolve("below")).writable()).isFalse();
  }

  @Test
  void portsMustBeFree() {
    assertThat(new PortsCheck(port -> true).look()).matches(is(Level.OK));
    assertThat(new PortsCheck(port -> port < 22_000).look()).matches(is(Level.WARNING));
    assertThat(new PortsCheck(port -> port == 0).look()).matches(is(Level.PROBLEM));
    assertThat(new PortsCheck(port -> false).look().fact()).contains("no program can listen");
  }

  @Test
  void mavenCentralMayBeAway() {
    assertThat(new CentralCheck(address -> 200).look()).matches(is(Level.OK));
    assertThat(new CentralCheck(address -> 503).look()).matches(is(Level.WARNING));
    Finding away =
        new CentralCheck(
                address -> {
                  throw new IOException("no route");
                })
            .look();
    assertThat(away).matches(is(Level.WARNING));
    assertThat(away.fact()).contains("no route");
    assertThat(away.advice()).contains("settings.xml");
  }

  @Test
  void theEncodingShouldHoldAllLetters() {
    assertThat(new EncodingCheck("UTF-8").look()).matches(is(Level.OK));
    assertThat(new EncodingCheck("ANSI_X3.4-1968").look()).matches(is(Level.WARNING));
    assertThat(new EncodingCheck("unknown").look()).matches(is(Level.WARNING));
  }

  @Test
  void placesComeFromSettingsAndVariables() throws IOException {
    assertThat(Machine.mavenRepository(folder)).isEqualTo(folder.resolve(".m2/repository"));
    Files.createDirectories(folder.resolve(".m2"));
    Files.writeString(
        folder.resolve(".m2/settings.xml"),
        "<settings><localRepository> /big/disk </localRepository></settings>");
    assertThat(Machine.mavenRepository(folder)).isEqualTo(Path.of("/big/disk"));

    assertThat(Machine.cache(folder, "/ours", "/users")).isEqualTo(Path.of("/ours"));
    assertThat(Machine.cache(folder, "", "/users")).isEqualTo(Path.of("/users/beam-templates"));
    assertThat(Machine.cache(folder, "", "")).isEqualTo(folder.resolve(".cache/beam-templates"));
  }

  private static Predicate<Finding> is(Level level) {
    return finding -> finding.level() == level;
  }
}
