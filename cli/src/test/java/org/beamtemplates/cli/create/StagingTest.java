package org.beamtemplates.cli.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {

  @TempDir private Path root;
  private final FileTree tree = new FileTree();
  private List<String> before;

  @BeforeEach
  void makeFiles() throws IOException {
    Files.writeString(root.resolve("pom.xml"), "old");
    Files.createDirectory(root.resolve("empty"));
    tree.put("a/b.txt", "b");
    before = paths();
  }

  @Test
  void movesEverythingIntoPlace() throws IOException {
    try (Staging staging = Staging.in(root)) {
      staging.folder(root.resolve("deep/down/module"), tree);
      staging.folder(root.resolve("empty"), tree);
      staging.file(root.resolve("pom.xml"), Content.ofText("new"));
      staging.file(root.resolve("run"), new Content(new byte[0], true));
      assertThat(root.resolve("deep")).doesNotExist();
      assertThat(root.resolve("pom.xml")).hasContent("old");

      staging.commit();
    }

    assertThat(root.resolve("deep/down/module/a/b.txt")).hasContent("b");
    assertThat(root.resolve("empty/a/b.txt")).hasContent("b");
    assertThat(root.resolve("pom.xml")).hasContent("new");
    assertThat(root.resolve("run")).isExecutable();
    assertThat(paths()).noneMatch(path -> path.contains(".new-"));
  }

  @Test
  void aLateFailureTakesEveryStepBack() throws IOException {
    try (Staging staging = Staging.in(root)) {
      staging.folder(root.resolve("deep/down/module"), tree);
      staging.folder(root.resolve("empty"), tree);
      staging.file(root.resolve("pom.xml"), Content.ofText("new"));
      staging.file(root.resolve("pom.xml/impossible"), Content.ofText("no"));

      assertThatThrownBy(staging::commit).isInstanceOf(IOException.class);
    }

    assertThat(paths()).isEqualTo(before);
    assertThat(root.resolve("pom.xml")).hasContent("old");
  }

  @Test
  void afterASignalNothingIsLeftAndNothingCanBeMoved() throws IOException {
    try (Staging staging = Staging.in(root)) {
      staging.folder(root.resolve("module"), tree);

      staging.end();

      assertThat(paths()).isEqualTo(before);
      assertThatThrownBy(staging::commit).isInstanceOf(Refusal.class);
      assertThatThrownBy(() -> staging.folder(root.resolve("module"), tree))
          .isInstanceOf(Refusal.class);
    }
    assertThat(paths()).isEqualTo(before);
  }

  @Test
  void aSignalAfterTheMovesLeavesThemAlone() throws IOException {
    try (Staging staging = Staging.in(root)) {
      staging.file(root.resolve("pom.xml"), Content.ofText("new"));
      staging.commit();

      staging.end();
    }

    assertThat(root.resolve("pom.xml")).hasContent("new");
  }

  private List<String> paths() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(file -> root.relativize(file).toString()).sorted().toList();
    }
  }
}
