package org.beamtemplates.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A new folder in the system's place for temporary files, deleted when closed.
 *
 * @param path where it is
 */
public record ScratchFolder(Path path) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ScratchFolder.class);

  /**
   * Creates one.
   *
   * @param purpose for its name
   * @throws UncheckedIOException if it cannot be created
   */
  public static ScratchFolder create(String purpose) {
    try {
      return new ScratchFolder(Files.createTempDirectory("beam-templates-" + purpose + "-"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary folder for " + purpose, e);
    }
  }

  /** Deletes what can be deleted: a leftover in a temporary place must not fail a test. */
  @Override
  public void close() {
    delete(path);
  }

  static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> childrenFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path entry : childrenFirst) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.info("Could not delete all of {}", folder, e);
    }
  }
}
