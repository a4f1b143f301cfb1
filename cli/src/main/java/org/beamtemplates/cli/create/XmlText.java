package org.beamtemplates.cli.create;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Edits of XML on its text, so that comments and layout stay as they are. Elements are found by
 * their name; they have no element of the same name inside.
 */
final class XmlText {

  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);

  /** Where an element is. */
  private record Span(int start, int end) {}

  private XmlText() {}

  /** Returns the elements of a name, each as its text. */
  static List<String> elements(String xml, String name) {
    return spans(xml, name).stream().map(span -> xml.substring(span.start, span.end)).toList();
  }

  /** Returns what is between the tags of an element. */
  static String content(String element) {
    return element.replaceFirst("^<[^>]*>", "").replaceFirst("</[^>]*>$", "").strip();
  }

  /** Puts a changed copy of elements behind them; of several in a row, behind the last. */
  static String duplicate(
      String xml, String name, Predicate<String> which, UnaryOperator<String> change) {
    StringBuilder result = new StringBuilder();
    StringBuilder copies = new StringBuilder();
    int done = 0;
    for (Span span : spans(xml, name)) {
      String between = xml.substring(done, span.start);
      if (!between.isBlank()) {
        result.append(copies);
        copies.setLength(0);
      }
      String element = xml.substring(span.start, span.end);
      if (which.test(element)) {
        copies.append(indentation(xml, span.start)).append(change.apply(element));
      } else {
        result.append(copies);
        copies.setLength(0);
      }
      result.append(between).append(element);
      done = span.end;
    }
    return result.append(copies).append(xml, done, xml.length()).toString();
  }

  /** Removes elements with their lines. */
  static String remove(String xml, String name, Predicate<String> which) {
    return remove(xml, name, which, comment -> false);
  }

  /** Removes elements with their lines, and comments right before them that are theirs. */
  static String remove(
      String xml, String name, Predicate<String> which, Predicate<String> comments) {
    StringBuilder result = new StringBuilder();
    int done = 0;
    for (Span span : spans(xml, name)) {
      if (which.test(xml.substring(span.start, span.end))) {
        String before = xml.substring(done, span.start).stripTrailing();
        if (before.endsWith("-->") && comments.test(before.substring(before.lastIndexOf("<!--")))) {
          before = before.substring(0, before.lastIndexOf("<!--")).stripTrailing();
        }
        result.append(before);
        done = span.end;
      }
    }
    return result.append(xml, done, xml.length()).toString();
  }

  private static List<Span> spans(String xml, String name) {
    String visible =
        COMMENT.matcher(xml).replaceAll(comment -> " ".repeat(comment.group().length()));
    Matcher matcher =
        Pattern.compile("<(" + name + ")(?:\\s[^>]*?)?(?:/>|>.*?</\\1>)", Pattern.DOTALL)
            .matcher(visible);
    List<Span> spans = new ArrayList<>();
    while (matcher.find()) {
      spans.add(new Span(matcher.start(), matcher.end()));
    }
    return spans;
  }

  /** Returns the line break and the spaces before a place. */
  private static String indentation(String xml, int place) {
    int start = place;
    while (start > 0 && Character.isWhitespace(xml.charAt(start - 1))) {
      start--;
    }
    return "\n" + xml.substring(start, place).replaceFirst("(?s)^.*\\n", "");
  }
}
