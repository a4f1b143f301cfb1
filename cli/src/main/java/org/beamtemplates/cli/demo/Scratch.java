package org.beamtemplates.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of all that a demo writes: the services' data, the job's checkpoints. Its name has the
 * id of the process, so that a later demo can clear away what one that was killed has left.
 *
 * @param path the folder
 */
record Scratch(Path path) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final String PREFIX = "beam-templates-demo-";
  private static final int ATTEMPTS = 5;

  /** Makes the folder, and clears away what demos that were killed have left beside it. */
  static Scratch create() {
    Path path = place();
    clearAway(path.getParent());
    try {
      return new Scratch(Files.createDirectory(path));
    } catch (IOException e) {
      throw new Refusal(
          "Cannot make the folder %s (%s): set TMPDIR to a folder that can be written"
              .formatted(path, e));
    }
  }

  /**
   * Returns where the folder will be. The script makes it the place for all temporary files of this
   * JVM; without the script they are beside it.
   */
  static Path place() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    return temporary.getFileName().toString().startsWith(PREFIX)
        ? temporary
        : temporary.resolve(PREFIX + ProcessHandle.current().pid());
  }

  Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + path.resolve(name), e);
    }
  }

  /** Deletes the folder; a service that is just ending may write once more meanwhile. */
  @Override
  public void close() {
    for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
      delete(path);
    }
    if (Files.exists(path)) {
      LOG.warn("Could not delete all of {}", path);
    }
  }

  private static void clearAway(Path parent) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : left) {
        String pid = folder.getFileName().toString().substring(PREFIX.length());
        if (pid.matches("\\d{1,18}")
            && (Long.parseLong(pid) == ProcessHandle.current().pid()
                || ProcessHandle.of(Long.parseLong(pid)).isEmpty())) {
          delete(folder);
        }
      }
    } catch (IOException e) {
      LOG.info("Cannot look for what earlier demos have left in {}", parent, e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> childrenFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path entry : childrenFirst) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.info("Could not delete all of {} yet", folder, e);
    }
  }
}
