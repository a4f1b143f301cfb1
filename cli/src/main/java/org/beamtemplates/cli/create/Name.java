package org.beamtemplates.cli.create;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Name of a template, in all its spellings: {@code page-counts}, {@code PageCounts}, {@code
 * pageCounts}, {@code pagecounts}, {@code PAGE_COUNTS}, page counts, Page counts.
 *
 * @param words its words in lower case
 */
record Name(List<String> words) {

  /** What may stand between two letters of a name in prose, code and file names. */
  private static final String SEPARATOR = "(?:[-_ ]|\\s*\\n[ \\t]*(?:[*#|]+[ \\t]*|//[ \\t]*)?)";

  private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  static boolean isLegal(String name) {
    return LEGAL.matcher(name).matches();
  }

  static Name of(String name) {
    return new Name(List.of(name.split("-")));
  }

  /** Returns the name as the template, its module and its artifact have it. */
  String dashed() {
    return String.join("-", words);
  }

  /** Returns the name as a package has it. */
  String joined() {
    return String.join("", words);
  }

  /** Returns the name as a class has it. */
  String pascal() {
    return words.stream().map(Name::capitalized).collect(joining());
  }

  private String camel() {
    return words.get(0) + words.stream().skip(1).map(Name::capitalized).collect(joining());
  }

  /** Returns an expression for the name in any spelling, but not as a part of a longer word. */
  String expression() {
    String letters =
        joined()
            .chars()
            .mapToObj(letter -> Pattern.quote(Character.toString(letter)))
            .collect(joining(SEPARATOR + "?"));
    return "(?:(?<![A-Za-z0-9])|(?<=[a-z0-9])(?=[A-Z]))(?i:" + letters + ")(?![a-z0-9])";
  }

  /**
   * Returns this name in the spelling in which another was found.
   *
   * @param found the other name as it was found, a match of its expression
   * @param other the other name
   * @param next what follows it in the text, or a space at the end
   */
  String spelledLike(String found, Name other, char next) {
    if (found.chars().anyMatch(Character::isWhitespace)) {
      return prose(found);
    }
    boolean upper = found.equals(found.toUpperCase(Locale.ROOT)) && found.length() > 1;
    boolean oneWord = other.words().size() == 1;
    if (found.indexOf('_') >= 0 || (upper && oneWord)) {
      return inCaseOf(found, String.join("_", words));
    }
    if (found.indexOf('-') >= 0) {
      return inCaseOf(found, dashed());
    }
    if (upper) {
      return joined().toUpperCase(Locale.ROOT);
    }
    if (Character.isUpperCase(found.charAt(0))) {
      return pascal();
    }
    if (!found.equals(found.toLowerCase(Locale.ROOT)) || Character.isUpperCase(next)) {
      return camel();
    }
    return oneWord ? dashed() : joined();
  }

  /** A line break within the name stays where it was: behind the first word. */
  private String prose(String found) {
    String[] parts = found.split("\\s+[^\\p{L}\\d]*", -1);
    boolean title = parts.length > 1 && Character.isUpperCase(parts[parts.length - 1].charAt(0));
    List<String> spelled = title ? words.stream().map(Name::capitalized).toList() : words;
    int lineEnd = found.indexOf('\n');
    if (lineEnd < 0) {
      return inCaseOf(found, String.join(" ", spelled));
    }
    String lineBreak = found.replaceFirst("(?s)^.*?(\\s*\\n[^\\p{L}\\d]*).*$", "$1");
    String rest = String.join(" ", spelled.subList(1, spelled.size()));
    return inCaseOf(found, spelled.get(0)) + lineBreak + inCaseOfAll(found, rest);
  }

  private static String inCaseOf(String found, String spelled) {
    if (found.equals(found.toUpperCase(Locale.ROOT))) {
      return spelled.toUpperCase(Locale.ROOT);
    }
    return Character.isUpperCase(found.charAt(0)) ? capitalized(spelled) : spelled;
  }

  private static String inCaseOfAll(String found, String spelled) {
    return found.equals(found.toUpperCase(Locale.ROOT))
        ? spelled.toUpperCase(Locale.ROOT)
        : spelled;
  }

  private static String capitalized(String word) {
    return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  @Override
  public String toString() {
    return dashed();
  }
}
