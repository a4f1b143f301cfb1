package org.beamtemplates.cli.create;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.util.regex.Pattern;

/**
 * Formats Java as the build demands it: other names have other places among the imports and other
 * line ends. Needs the exports of {@code jdk.compiler} that the script gives.
 */
final class JavaFormat {

  private static final Pattern FORMATTED = Pattern.compile("(.*/)?src/(main|test)/java/.*\\.java");
  private static final Formatter FORMATTER = new Formatter();

  private JavaFormat() {}

  /** Returns whether the build looks at the format of the file. */
  static boolean covers(String path) {
    return FORMATTED.matcher(path).matches();
  }

  static String format(String path, String source) {
    try {
      String formatted = FORMATTER.formatSource(source);
      return ImportOrderer.reorderImports(
          RemoveUnusedImports.removeUnusedImports(formatted), Style.GOOGLE);
    } catch (FormatterException e) {
      throw new IllegalStateException("Not Java after the names were changed: " + path, e);
    }
  }
}
