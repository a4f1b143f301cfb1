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

  private static final String STATE = "${here}/checkpoints";

  String name() {
    String file = optionFile.getFileName().toString();
    return file.substring(0, file.length() - SUFFIX.length());
  }

  /** Returns the runner's module. */
  Path module() {
    return optionFile.getParent();
  }

  /**
   * Returns the options of the config that name a folder for the state of jobs, with another one:
   * by convention it is {@value #STATE}, which outlives a job.
   */
  List<String> withStateIn(Path folder) {
    return lines().stream()
        .map(String::strip)
        .filter(line -> line.startsWith("--") && line.contains(STATE))
        .map(line -> line.replace(STATE, folder.resolve("checkpoints").toString()))
        .toList();
  }

  /** Returns the first comment of the option file. */
  String summary() {
    return lines().stream()
        .filter(line -> line.startsWith("#"))
        .findFirst()
        .map(line -> line.substring(1).strip())
        .orElse("");
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(optionFile, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + optionFile, e);
    }
  }
}
