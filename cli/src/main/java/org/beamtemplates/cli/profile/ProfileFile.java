package org.beamtemplates.cli.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a profile is written to, checked before a job has run for hours. */
final class ProfileFile {

  /** They have a meaning in the arguments of the profilers, and cannot be escaped there. */
  private static final String SPECIAL = ",%=\"'";

  private ProfileFile() {}

  /**
   * Returns the file, in a folder that exists.
   *
   * @param to what the user named: a file, a folder, or nothing
   * @param standard where it goes if the user names nothing; its name is also that in a folder
   */
  static Path of(ProfileKind kind, String to, Path standard) {
    Path named = to.isEmpty() ? standard : Path.of(to);
    boolean folder = Files.isDirectory(named) || to.endsWith("/");
    Path file = (folder ? named.resolve(standard.getFileName()) : named).toAbsolutePath();
    if (!file.getFileName().toString().endsWith(kind.ending())) {
      throw new Refusal(
          "--profileTo is %s, but a profile of kind %s is a file that ends with %s. Give such a name, or a folder."
              .formatted(to, kind.word(), kind.ending()));
    }
    checkCharacters(file);
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new Refusal(
          "The profile cannot go to %s: there is no folder %s, and none can be made (%s). Give another with --profileTo."
              .formatted(file, file.getParent(), e));
    }
    if (!Files.isWritable(Files.exists(file) ? file : file.getParent())) {
      throw new Refusal(
          "The profile cannot go to %s: it cannot be written there. Give another file with --profileTo."
              .formatted(file));
    }
    return file;
  }

  private static void checkCharacters(Path file) {
    String path = file.toString();
    path.chars()
        .filter(character -> SPECIAL.indexOf(character) >= 0)
        .findFirst()
        .ifPresent(
            character -> {
              throw new Refusal(
                  "The profile cannot go to %s: the profiler does not take the character %c in a path. Give another with --profileTo."
                      .formatted(path, character));
            });
  }
}
