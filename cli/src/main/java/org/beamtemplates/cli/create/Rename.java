package org.beamtemplates.cli.create;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Gives a text or a path the name of the new template where it names an old one. All known
 * templates are looked for together, so that the longest name wins: {@code page-counts} is not
 * found in {@code page-counts-daily} if there is a template of that name.
 */
final class Rename {

  private final List<Identity> known;
  private final Collection<Identity> renamed;
  private final Identity to;
  private final Pattern mentions;

  /**
   * Renames templates.
   *
   * @param known all templates there are
   * @param renamed those that become the new one
   * @param to the new one
   */
  Rename(Collection<Identity> known, Collection<Identity> renamed, Identity to) {
    this.known = new ArrayList<>(known);
    this.known.sort(
        Comparator.comparingInt((Identity identity) -> identity.name().joined().length())
            .reversed());
    this.renamed = renamed;
    this.to = to;
    this.mentions =
        Pattern.compile(
            IntStream.range(0, this.known.size())
                .mapToObj(
                    i ->
                        "(?<p%d>%s)|(?<n%d>%s)"
                            .formatted(
                                i,
                                packageExpression(this.known.get(i)),
                                i,
                                this.known.get(i).name().expression()))
                .collect(joining("|")));
  }

  String in(String text) {
    Matcher matcher = mentions.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(result, Matcher.quoteReplacement(replacement(matcher, text)));
    }
    return matcher.appendTail(result).toString();
  }

  /** Returns whether the text names a template that becomes the new one. */
  boolean concerns(String text) {
    return mentioned(text).filter(renamed::contains).isPresent();
  }

  /** Returns the first template that the text names. */
  Optional<Identity> mentioned(String text) {
    Matcher matcher = mentions.matcher(text);
    return matcher.find() ? Optional.of(known.get(found(matcher))) : Optional.empty();
  }

  private String replacement(Matcher matcher, String text) {
    int index = found(matcher);
    Identity from = known.get(index);
    String found = matcher.group();
    if (!renamed.contains(from)) {
      return found;
    }
    if (matcher.group("p" + index) != null) {
      return found.indexOf('/') >= 0 ? to.packagePath() : to.packageName();
    }
    char next = matcher.end() < text.length() ? text.charAt(matcher.end()) : ' ';
    return to.name().spelledLike(found, from.name(), next);
  }

  private int found(Matcher matcher) {
    return IntStream.range(0, known.size())
        .filter(i -> matcher.group("p" + i) != null || matcher.group("n" + i) != null)
        .findFirst()
        .orElseThrow();
  }

  private static String packageExpression(Identity identity) {
    String dotted = Pattern.quote(identity.packageName());
    String path = Pattern.quote(identity.packagePath());
    return "(?<!\\w)(?:" + dotted + "|" + path + ")(?!\\w)";
  }
}
