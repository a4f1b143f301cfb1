package org.beamtemplates.cli.create;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** Which names and packages a new template may have. */
final class NameRules {

  private static final String EXAMPLE =
      "Give lower-case words of letters and digits with dashes between them, such as card-views.";
  private static final String TWO_WORDS =
      "Give two words or more with dashes between them, such as card-views.";
  private static final int LONGEST = 40;

  /** Folders of Maven, words of this project, and what Windows cannot have as a file. */
  private static final Set<String> RESERVED =
      Set.of(
          "aux",
          "con",
          "docs",
          "main",
          "nul",
          "pipeline",
          "pipelines",
          "prn",
          "src",
          "target",
          "template",
          "templates",
          "test",
          "tests");

  private static final Pattern SEGMENT = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String OURS = "org.beamtemplates";
  private static final String PIPELINES = OURS + ".pipelines";
  private static final Set<String> FOREIGN =
      Set.of("java", "javax", "jdk", "sun", "org.apache.beam", "org.apache.flink");

  private final Collection<Identity> templates;
  private final Collection<String> artifacts;
  private final Collection<String> packages;

  /**
   * Rules of a checkout.
   *
   * @param templates its templates
   * @param artifacts its Maven artifacts
   * @param packages its Java packages
   */
  NameRules(
      Collection<Identity> templates, Collection<String> artifacts, Collection<String> packages) {
    this.templates = templates;
    this.artifacts = artifacts;
    this.packages = packages;
  }

  Identity identity(String name, String packageName) {
    checkName(name);
    Name checked = Name.of(name);
    String chosen = packageName == null ? PIPELINES + "." + checked.joined() : packageName;
    checkPackage(chosen, packageName == null);
    return new Identity(checked, chosen);
  }

  private void checkName(String name) {
    if (!Name.isLegal(name)) {
      throw new Refusal("<name> is '" + name + "', which is no name for a template. " + EXAMPLE);
    }
    if (name.length() > LONGEST) {
      throw new Refusal(
          "<name> has %d characters: %s. Give one with at most %d."
              .formatted(name.length(), name, LONGEST));
    }
    Name given = Name.of(name);
    for (Identity template : templates) {
      if (template.name().joined().equals(given.joined())) {
        throw new Refusal(
            "<name> is %s, but there is a template %s already. Give another name."
                .formatted(name, template.name()));
      }
    }
    if (RESERVED.contains(given.joined()) || SourceVersion.isKeyword(given.joined())) {
      throw new Refusal(
          "<name> is %s, a word that Java, Maven or this project has another meaning for. %s"
              .formatted(name, EXAMPLE));
    }
    if (artifacts.contains(name) || artifacts.contains(given.joined())) {
      throw new Refusal(
          "<name> is %s, but there is a module of that name already. Give another name."
              .formatted(name));
    }
    if (packages.stream()
        .anyMatch(used -> used.startsWith(OURS) && used.endsWith("." + given.joined()))) {
      throw new Refusal(
          "<name> is %s, but the library has a package of that name. Give another name."
              .formatted(name));
    }
    if (name.indexOf('-') < 0) {
      throw new Refusal(
          "<name> is %s, a single word, which code has for other things, too. %s"
              .formatted(name, TWO_WORDS));
    }
  }

  private void checkPackage(String name, boolean byDefault) {
    String given = "--package is %s%s".formatted(name, byDefault ? " (made from the <name>)" : "");
    String[] segments = name.split("\\.", -1);
    for (String segment : segments) {
      if (!SEGMENT.matcher(segment).matches() || SourceVersion.isKeyword(segment)) {
        throw new Refusal(
            ("%s, but '%s' is no part of a package's name. Give lower-case words that are no Java"
                    + " keywords with dots between them, such as com.acme.cards.")
                .formatted(given, segment));
      }
    }
    if (segments.length < 2) {
      throw new Refusal(given + ". Give one of at least two parts, such as com.acme.cards.");
    }
    for (String foreign : FOREIGN) {
      if (isInside(name, foreign)) {
        throw new Refusal(
            "%s, but %s is somebody else's. Give one of your own, such as com.acme.cards."
                .formatted(given, foreign));
      }
    }
    if (isInside(name, OURS) && !name.startsWith(PIPELINES + ".")) {
      throw new Refusal(
          "%s, but %s is this library's. Give one of your own, such as com.acme.cards, or %s.<name>."
              .formatted(given, OURS, PIPELINES));
    }
    for (Identity template : templates) {
      String used = template.packageName();
      if (isInside(name, used) || isInside(used, name)) {
        throw new Refusal(
            "%s, but the template %s is in %s. Give one that is not inside or around another's."
                .formatted(given, template.name(), used));
      }
    }
    if (packages.contains(name)) {
      throw new Refusal(given + ", but there are classes in it already. Give another package.");
    }
  }

  private static boolean isInside(String name, String other) {
    return name.equals(other) || name.startsWith(other + ".");
  }
}
