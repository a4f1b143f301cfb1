package org.beamtemplates.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that a benchmark writes, between two marks.
 *
 * @param name of the part, another one for each of a page
 * @param command that writes it
 */
public record GeneratedPart(String name, String command) {

  static final GeneratedPart SPEED = new GeneratedPart("speed", "./templates bench --full");

  String begin() {
    return "<!-- %s: written by %s -->".formatted(name, command);
  }

  String end() {
    return "<!-- %s: end -->".formatted(name);
  }

  /**
   * Replaces what is between the marks.
   *
   * @throws IllegalStateException if the page has not both of them
   */
  public void write(Path page, String text) throws IOException {
    String old = Files.readString(page);
    int from = old.indexOf(begin());
    int to = old.indexOf(end());
    if (from < 0 || to < from) {
      throw new IllegalStateException(
          page + " has no lines '" + begin() + "' and '" + end() + "' to write between");
    }
    Files.writeString(
        page, old.substring(0, from + begin().length()) + "\n\n" + text + "\n" + old.substring(to));
  }
}
