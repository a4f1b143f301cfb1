package org.beamtemplates.transforms.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderCheckTest {

  @TempDir private Path folder;

  @Test
  void writesToAFolderAndLeavesNothingBehind() throws IOException {
    Files.writeString(folder.resolve("mine"), "kept");

    assertThat(FolderCheck.unwritable(folder.toString())).isEmpty();

    assertThat(folder.toFile().list()).containsExactly("mine");
  }

  @Test
  void makesAFolderThatIsNotThere() {
    Path deep = folder.resolve("a/b/c");

    assertThat(FolderCheck.unwritable(deep.toString())).isEmpty();

    assertThat(deep).isEmptyDirectory();
  }

  @Test
  void saysWhyNothingCanBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    assertThat(FolderCheck.unwritable(file.toString()))
        .get()
        .asString()
        .startsWith("was \"" + file + "\", which cannot be written to (");
    assertThat(FolderCheck.unwritable("nosuchscheme://bucket/folder"))
        .get()
        .asString()
        .contains("nosuchscheme");
    assertThat(file).hasContent("no folder");
  }

  @Test
  void findsFilesUnderAPattern() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{}");

    assertThat(FolderCheck.unreadable(file.toString())).isEmpty();
    assertThat(FolderCheck.unreadable(folder + "/*.jsonl")).isEmpty();
  }

  @Test
  void saysThatAPatternMatchesNoFile() {
    assertThat(FolderCheck.unreadable(folder + "/*.avro"))
        .get()
        .asString()
        .startsWith("was \"" + folder + "/*.avro\", which matches no file");
    assertThat(FolderCheck.unreadable(folder + "/missing.jsonl"))
        .get()
        .asString()
        .contains("missing.jsonl");
    assertThat(FolderCheck.unreadable("nosuchscheme://bucket/*"))
        .get()
        .asString()
        .contains("nosuchscheme");
  }
}
