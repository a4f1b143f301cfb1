package org.beamtemplates.cli.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.beamtemplates.transforms.launch.LaunchEnd;

/** A folder for the job's classpath with nothing of this command but one class. */
final class JobClasses {

  private JobClasses() {}

  /** Puts the class into the folder, where the launch finds it at its end. */
  static Path with(Class<? extends LaunchEnd> end, Path folder) {
    Unpacked.file(
        end.getName().getBytes(UTF_8),
        folder.resolve("META-INF/services").resolve(LaunchEnd.class.getName()));
    String name = end.getName().replace('.', '/') + ".class";
    try (InputStream bytes = end.getClassLoader().getResourceAsStream(name)) {
      Unpacked.file(bytes.readAllBytes(), folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
    return folder;
  }
}
