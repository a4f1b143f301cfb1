package org.beamtemplates.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a benchmark writes, between two marks. */
final class GeneratedPart {

  static final String BEGIN = "<!-- speed: written by ./templates bench --full -->";
  static final String END = "<!-- speed: end -->";

  private GeneratedPart() {}

  /**
   * Replaces what is between the marks.
   *
   * @throws IllegalStateException if the page has not both of them
   */
  static void write(Path page, String text) throws IOException {
    String old = Files.readString(page);
    int begin = old.indexOf(BEGIN);
    int end = old.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(
          page + " has no lines '" + BEGIN + "' and '" + END + "' to write between");
    }
    Files.writeString(
        page, old.substring(0, begin + BEGIN.length()) + "\n\n" + text + "\n" + old.substring(end));
  }
}
