package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {

  @TempDir private Path temporary;

  @Test
  void unpacksFilesAndFolders() throws IOException {
    Path folder = temporary.resolve("cache/program");

    TarGz.unpackOnce(archive("run.jar", "lib/a.jar"), folder);

    assertThat(folder.resolve("run.jar")).hasContent("content of run.jar");
    assertThat(folder.resolve("lib/a.jar")).hasContent("content of lib/a.jar");
  }

  @Test
  void leavesAFolderAloneThatExists() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("program"));

    TarGz.unpackOnce(temporary.resolve("no-such-archive.tar.gz"), folder);

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void startsOverWhereAKilledProcessStopped() throws IOException {
    Path folder = temporary.resolve("program");
    Path partial = Files.createDirectory(temporary.resolve("program.partial"));
    Files.writeString(partial.resolve("run.jar"), "half of");

    TarGz.unpackOnce(archive("run.jar"), folder);

    assertThat(folder.resolve("run.jar")).hasContent("content of run.jar");
    assertThat(partial).doesNotExist();
  }

  @Test
  void showsAllThreadsTheCompleteFolder() throws Exception {
    Path archive = archive(manyNames());
    Path folder = temporary.resolve("program");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counts.add(
            threads.submit(
                () -> {
                  TarGz.unpackOnce(archive, folder);
                  return folder.toFile().list().length;
                }));
      }
      for (Future<Integer> count : counts) {
        assertThat(count.get()).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesEntriesOutsideTheFolder() throws IOException {
    Path folder = temporary.resolve("program");
    Path archive = archive("../escaped");

    assertThatThrownBy(() -> TarGz.unpackOnce(archive, folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("../escaped");
    assertThat(temporary.resolve("escaped")).doesNotExist();
    assertThat(folder).doesNotExist();
  }

  private static String[] manyNames() {
    String[] names = new String[200];
    for (int i = 0; i < names.length; i++) {
      names[i] = "file-" + i;
    }
    return names;
  }

  private Path archive(String... names) throws IOException {
    Path archive = temporary.resolve("program.tar.gz");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
      for (String name : names) {
        byte[] content = ("content of " + name).getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }
}
