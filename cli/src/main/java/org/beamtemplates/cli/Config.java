package org.beamtemplates.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A way to run templates: an option file in the folder of its runner.
 *
 * @param optionFile {@code runner-configs/<runner>/<name>.options}
 */
record Config(Path optionFile) {

  static final String SUFFIX = ".options";

  String name() {
    String file = optionFile.getFileName().toString();
    return file.substring(0, file.length() - SUFFIX.length());
  }

  /** Returns the runner's module. */
  Path module() {
    return optionFile.getParent();
  }

  /** Returns the first comment of the option file. */
  String summary() {
    try {
      List<String> lines = Files.readAllLines(optionFile, UTF_8);
      return lines.stream()
          .filter(line -> line.startsWith("#"))
          .findFirst()
          .map(line -> line.substring(1).strip())
          .orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + optionFile, e);
    }
  }
}
