package org.beamtemplates.cli.create;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * What belongs to a machine and not to the sources: what {@code .gitignore} names, and everything
 * hidden. Read from the file, as there may be no git. Of its patterns, those that this project uses
 * are understood: names and paths, with {@code *}, for folders with a slash at the end.
 */
final class IgnoreRules {

  private final List<PathMatcher> matchers = new ArrayList<>();

  static IgnoreRules of(Path root) throws IOException {
    IgnoreRules rules = new IgnoreRules();
    rules.add("target");
    Path file = root.resolve(".gitignore");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file, UTF_8)) {
        String pattern = line.strip().replaceFirst("/$", "");
        if (!pattern.isEmpty() && !pattern.startsWith("#")) {
          rules.add(pattern);
        }
      }
    }
    return rules;
  }

  private void add(String pattern) {
    String glob =
        pattern.indexOf('/') < 0 ? "{" + pattern + ",**/" + pattern + "}" : stripSlash(pattern);
    matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
  }

  private static String stripSlash(String pattern) {
    return pattern.startsWith("/") ? pattern.substring(1) : pattern;
  }

  /** Returns whether a file or folder is left out; its path starts at the root. */
  boolean cover(Path path) {
    return path.getFileName().toString().startsWith(".")
        || matchers.stream().anyMatch(matcher -> matcher.matches(path));
  }
}
