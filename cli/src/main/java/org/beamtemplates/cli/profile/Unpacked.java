package org.beamtemplates.cli.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** Files that the job's JVM needs and that are in a jar here. */
final class Unpacked {

  private Unpacked() {}

  /**
   * Writes the file unless it is there. Another job may just use the old one: it is replaced, not
   * changed.
   */
  static Path file(byte[] content, Path file) {
    try {
      if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
        return file;
      }
      Files.createDirectories(file.getParent());
      Path whole = Files.createTempFile(file.getParent(), "", ".part");
      Files.write(whole, content);
      return Files.move(
          whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
