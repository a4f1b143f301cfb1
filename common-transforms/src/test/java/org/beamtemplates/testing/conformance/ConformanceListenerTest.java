package org.beamtemplates.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What is noted of tests on a runner that lacks some things. */
class ConformanceListenerTest {

  @TempDir Path folder;
  private String before;

  @BeforeEach
  void beOnTheToyRunner() {
    before = System.getProperty(Gaps.RUNNER);
    System.setProperty(Gaps.RUNNER, "toy");
  }

  @AfterEach
  void beWhereItWas() {
    if (before == null) {
      System.clearProperty(Gaps.RUNNER);
    } else {
      System.setProperty(Gaps.RUNNER, before);
    }
  }

  @Test
  void notesWhatPassesFailsAndIsSkippedWithTheReason() throws IOException {
    assertThat(notesOf(Sample.class))
        .containsExactlyInAnyOrder(
            "sample|works|passed|",
            "sample|works|passed|",
            "sample|fails|failed|no",
            "sample|is late|skipped|not applicable: nothing is late",
            "sample|is late and stable|skipped|refused: nothing is stable");
  }

  @Test
  void notesEachTestOfAClassThatIsSkipped() throws IOException {
    assertThat(notesOf(AllStable.class))
        .containsExactlyInAnyOrder(
            "stable|one|skipped|refused: nothing is stable",
            "stable|two|skipped|refused: nothing is stable");
  }

  @Test
  void notesNothingOfOtherTests() throws IOException {
    assertThat(notesOf(Other.class)).isEmpty();
  }

  @Test
  void notesWhatIsProvedOnAnotherConfigThere() throws IOException {
    assertThat(notesOf(Elsewhere.class)).isEmpty();
    assertThat(notesIn("cluster.tsv")).containsExactly("sample|works|passed|");
  }

  private List<String> notesOf(Class<?> tests) throws IOException {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(tests))
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
            .build();
    LauncherConfig onlyThis =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(onlyThis)
        .execute(request, new ConformanceListener(folder.resolve("toy.tsv")));
    return notesIn("toy.tsv");
  }

  private List<String> notesIn(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file)
        ? Files.readAllLines(file).stream()
            .map(line -> line.split("\t", -1))
            .map(columns -> String.join("|", columns[0], columns[1], columns[3], columns[4]))
            .toList()
        : List.of();
  }

  @Conforms(subject = "sample", capability = "works", on = "cluster")
  static class Elsewhere {

    @Test
    void passes() {}
  }

  @Conforms(subject = "sample", capability = "works")
  static class Sample {

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void passes(int unused) {}

    @Test
    @Conforms(subject = "sample", capability = "fails")
    void fails() {
      throw new AssertionError("no");
    }

    @Test
    @Tag(Conforms.LATE_DATA)
    @Conforms(subject = "sample", capability = "is late")
    void isLate() {
      throw new AssertionError("must not run");
    }

    @Test
    @Tag(Conforms.LATE_DATA)
    @Tag(Conforms.STABLE_INPUT)
    @Conforms(subject = "sample", capability = "is late and stable")
    void isLateAndStable() {
      throw new AssertionError("must not run");
    }
  }

  @Tag(Conforms.STABLE_INPUT)
  @Conforms(subject = "stable", capability = "one")
  static class AllStable {

    @Test
    void first() {
      throw new AssertionError("must not run");
    }

    @Test
    @Conforms(subject = "stable", capability = "two")
    void second() {
      throw new AssertionError("must not run");
    }
  }

  static class Other {

    @Test
    void passes() {}
  }
}
