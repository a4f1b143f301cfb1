package org.beamtemplates.cli.create;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Edits of Markdown on its text. */
final class Markdown {

  private static final Pattern LINK = Pattern.compile("\\[([^\\]\\[]*)]\\(([^()\\s]+)\\)");
  private static final Pattern TITLE = Pattern.compile("^# +(.*)$", Pattern.MULTILINE);

  private Markdown() {}

  /** Returns the text of the first heading. */
  static String title(String text) {
    Matcher title = TITLE.matcher(text);
    return title.find() ? title.group(1).strip() : "";
  }

  /** Returns the paths, from the root, that a file links to inside the project. */
  static Set<String> links(String path, String text) {
    Set<String> links = new TreeSet<>();
    LINK.matcher(text)
        .results()
        .filter(Markdown::isRelative)
        .forEach(link -> links.add(target(path, link.group(2))));
    return links;
  }

  /** Turns links to files that do not exist into plain text. */
  static String unlinked(String path, String text, Predicate<String> exists) {
    return LINK.matcher(text)
        .replaceAll(
            link ->
                Matcher.quoteReplacement(
                    isRelative(link) && !exists.test(target(path, link.group(2)))
                        ? link.group(1)
                        : link.group()));
  }

  private static boolean isRelative(MatchResult link) {
    return !link.group(2).matches("([a-z]+:|#).*");
  }

  private static String target(String path, String link) {
    Path folder = Path.of("/" + path).getParent();
    String file = link.replaceFirst("#.*", "");
    return folder.resolve(file).normalize().toString().substring(1).replace('\\', '/');
  }

  /** Leaves out rows, columns and paragraphs about subjects. */
  static String without(String text, Collection<String> subjects) {
    if (subjects.isEmpty()) {
      return text;
    }
    return Arrays.stream(text.split("\\n\\n"))
        .map(block -> block.startsWith("|") ? tableWithout(block, subjects) : block)
        .filter(block -> block.startsWith("|") || !concerns(block, subjects))
        .collect(joining("\n\n"))
        .stripTrailing()
        .concat("\n");
  }

  private static String tableWithout(String table, Collection<String> subjects) {
    List<List<String>> rows = new ArrayList<>();
    table.lines().forEach(line -> rows.add(cells(line)));
    List<String> header = rows.get(0);
    int[] columns =
        IntStream.range(0, header.size())
            .filter(column -> !concerns(header.get(column), subjects))
            .toArray();
    return rows.stream()
        .filter(row -> !concerns(row.get(0), subjects))
        .map(
            row ->
                Arrays.stream(columns)
                    .filter(column -> column < row.size())
                    .mapToObj(row::get)
                    .collect(joining("|", "|", "|")))
        .collect(joining("\n"));
  }

  private static List<String> cells(String row) {
    String inner = row.strip().replaceFirst("^\\|", "").replaceFirst("\\|$", "");
    return List.of(inner.split("(?<!\\\\)\\|", -1));
  }

  private static boolean concerns(String text, Collection<String> subjects) {
    return subjects.stream()
        .anyMatch(
            subject ->
                Pattern.compile("\\b" + Pattern.quote(subject) + "\\b", Pattern.CASE_INSENSITIVE)
                    .matcher(text)
                    .find());
  }
}
