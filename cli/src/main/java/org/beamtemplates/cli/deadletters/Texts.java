package org.beamtemplates.cli.deadletters;

import java.time.Instant;
import java.util.regex.Pattern;
import org.beamtemplates.schemas.DeadLetter;

/** Texts of strangers, so that a terminal shows them and does not obey them. */
final class Texts {

  /** Line breaks, control characters, and what changes the direction of writing. */
  private static final Pattern UNSAFE =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\p{Cf}\\u2028\\u2029\\ud800-\\udfff]+");

  private static final int SHORT_ID = 12;

  private Texts() {}

  /** Returns the text in one line; what a terminal might obey is a space. */
  static String line(CharSequence text) {
    return UNSAFE.matcher(text).replaceAll(" ").strip();
  }

  /**
   * Returns the text in one line of so many characters at most, the last of which tells the cut.
   */
  static String line(CharSequence text, int width) {
    String line = line(text);
    if (line.codePointCount(0, line.length()) <= width) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }

  /** Returns the lines of a text, each made harmless; tabs are kept as two spaces. */
  static String lines(String text, String indent) {
    StringBuilder all = new StringBuilder();
    text.lines()
        .map(line -> UNSAFE.matcher(line.replace("\t", "  ")).replaceAll(" ").stripTrailing())
        .forEach(line -> all.append(indent).append(line).append('\n'));
    return all.toString();
  }

  /** Returns a time in UTC, in full seconds unless there are more digits. */
  static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  /** Returns the beginning of an id, which names it among some millions. */
  static String shortId(String id) {
    String line = line(id);
    return line.substring(0, Math.min(SHORT_ID, line.length()));
  }

  /** Returns topic-partition@offset, or file#number, or that there is none. */
  static String origin(DeadLetter letter) {
    if (letter.getSource() == null) {
      return "(made in the pipeline)";
    }
    String source = line(letter.getSource());
    if (letter.getPartition() != null && letter.getOffset() != null) {
      return source + "-" + letter.getPartition() + "@" + letter.getOffset();
    }
    return letter.getOffset() == null ? source : source + "#" + letter.getOffset();
  }

  /** Returns what happened: the message; for a late record, which has none, how late it was. */
  static String reason(DeadLetter letter) {
    if (letter.getErrorMessage().isEmpty()
        && letter.getWindowEndMs() != null
        && letter.getWatermarkMs() != null) {
      return "its window ended "
          + time(letter.getWindowEndMs())
          + ", the watermark was "
          + time(letter.getWatermarkMs());
    }
    return letter.getErrorMessage();
  }

  /** Returns the class without its package. */
  static String simpleName(String className) {
    return line(className.substring(className.lastIndexOf('.') + 1));
  }
}
