package org.beamtemplates.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a page that a benchmark writes, between two marks. */
public enum GeneratedPart {
  SPEED("speed", "./templates bench --full"),
  SCALING("scaling", "benchmarks/run scaling");

  private final String begin;
  private final String end;

  GeneratedPart(String name, String command) {
    this.begin = "<!-- %s: written by %s -->".formatted(name, command);
    this.end = "<!-- %s: end -->".formatted(name);
  }

  String begin() {
    return begin;
  }

  String end() {
    return end;
  }

  /**
   * Replaces what is between the marks.
   *
   * @throws IllegalStateException if the page has not both of them
   */
  public void write(Path page, String text) throws IOException {
    String old = Files.readString(page);
    int from = old.indexOf(begin);
    int to = old.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException(
          page + " has no lines '" + begin + "' and '" + end + "' to write between");
    }
    Files.writeString(
        page, old.substring(0, from + begin.length()) + "\n\n" + text + "\n" + old.substring(to));
  }
}
