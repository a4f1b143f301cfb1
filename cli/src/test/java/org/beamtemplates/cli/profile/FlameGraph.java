package org.beamtemplates.cli.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a browser shows of a flame graph.
 *
 * @param names threads, methods and classes in it
 * @param total width of its root, in nanoseconds or bytes
 */
public record FlameGraph(List<String> names, long total) {

  private static final Pattern NAMES =
      Pattern.compile("const cpool = \\[\n(.*?)\n];", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'");
  private static final Pattern ROOT = Pattern.compile("^n\\(\\d+,(\\d+)", Pattern.MULTILINE);

  /** Reads the page. */
  public static FlameGraph of(Path file) throws IOException {
    String page = Files.readString(file, UTF_8);
    return new FlameGraph(names(only(NAMES, page)), Long.parseLong(only(ROOT, page)));
  }

  /** A name begins with what it shares with the one before it, as one character that counts. */
  private static List<String> names(String script) {
    List<String> names = new ArrayList<>();
    String before = "";
    Matcher matcher = NAME.matcher(script);
    while (matcher.find()) {
      String written = matcher.group(1).replaceAll("\\\\(.)", "$1");
      before =
          names.isEmpty()
              ? written
              : before.substring(0, written.charAt(0) - ' ') + written.substring(1);
      names.add(before);
    }
    return List.copyOf(names);
  }

  private static String only(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    if (!matcher.find()) {
      throw new AssertionError("No " + pattern + " in the page");
    }
    return matcher.group(1);
  }
}
