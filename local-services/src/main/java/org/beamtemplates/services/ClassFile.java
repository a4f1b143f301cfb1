package org.beamtemplates.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gives a class of this module to a child JVM. */
final class ClassFile {

  private ClassFile() {}

  /**
   * Copies the class itself instead of pointing to where it was loaded from: this may be a large
   * jar whose other content the child must not see. The class is not loaded here, so what it needs
   * has to be on the child's class path only.
   *
   * @param name of a class that consists of one file
   * @param root folder for it
   * @return the folder, for a class path
   */
  static Path copy(String name, Path root) {
    String file = name.replace('.', '/') + ".class";
    Path target = root.resolve(file);
    try (InputStream bytes = ClassFile.class.getClassLoader().getResourceAsStream(file)) {
      Files.createDirectories(target.getParent());
      Files.copy(bytes, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target, e);
    }
    return root;
  }
}
