package org.beamtemplates.cli.create;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The part of a checkout that one template needs to be built, tested and run alone: its module, the
 * modules below it, the command with the templates that it uses itself, and the runners that were
 * chosen. Nothing in it names another template, and no build file a runner that is left out.
 */
final class ProjectCopy {

  private static final List<String> ROOT_FILES =
      List.of(
          ".gitattributes",
          ".gitignore",
          ".mvn/jvm.config",
          ".mvn/maven.config",
          ".mvn/wrapper/maven-wrapper.properties",
          "CONTRIBUTING.md",
          "LICENSE",
          "NOTICE",
          "mvnw",
          "mvnw.cmd",
          "pom.xml",
          "templates",
          "templates.cmd");

  private static final String COMMAND = "cli";
  private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.-]+\\.version)>");

  private final Layout layout;
  private final Identity from;
  private final Collection<Identity> companions;
  private final Rename rename;
  private final Set<String> leftOutRunners;
  private final Set<String> kept;
  private final Set<String> keptArtifacts;

  /**
   * A copy.
   *
   * @param companions templates that the command uses, kept under their own names
   * @param rename renames every other template there is
   * @param runners folders of the runners that are kept
   */
  ProjectCopy(
      Layout layout,
      Identity from,
      Collection<Identity> companions,
      Rename rename,
      Collection<String> runners) {
    this.layout = layout;
    this.from = from;
    this.companions = companions;
    this.rename = rename;
    this.leftOutRunners = new TreeSet<>(layout.runners());
    leftOutRunners.removeAll(runners);
    List<String> wanted = new ArrayList<>(List.of(from.module(), COMMAND));
    companions.forEach(companion -> wanted.add(companion.module()));
    runners.forEach(runner -> wanted.add(Layout.runnerFolder(runner)));
    List<String> others =
        layout.folders().stream()
            .filter(folder -> Layout.isTemplate(folder) && !wanted.contains(folder))
            .toList();
    this.kept = layout.closure(wanted, others);
    this.keptArtifacts =
        Stream.concat(Stream.of(""), kept.stream())
            .map(folder -> layout.pom(folder).artifact())
            .collect(toCollection(TreeSet::new));
  }

  /** Returns all files but the README of the root and those that only it refers to. */
  FileTree files() throws IOException {
    FileTree tree = layout.files(ROOT_FILES);
    for (String module : kept) {
      tree.putAll(layout.sources(module));
    }
    tree.removeIf(this::isOfAnotherTemplate);
    for (String module : Stream.concat(Stream.of(""), kept.stream()).toList()) {
      String pom = module.isEmpty() ? "pom.xml" : module + "/pom.xml";
      tree.edit(pom::equals, text -> prune(text, module));
    }
    tree.edit("pom.xml"::equals, text -> withoutLeftOutRunners(text, tree));
    tree.edit(".gitignore"::equals, this::withoutLeftOutFolders);
    tree.edit("runner-configs/README.md"::equals, text -> Markdown.without(text, leftOutRunners));
    return tree;
  }

  private boolean isOfAnotherTemplate(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    return rename
        .mentioned(file)
        .filter(mentioned -> !mentioned.equals(from) && !companions.contains(mentioned))
        .isPresent();
  }

  private String prune(String pom, String module) {
    String pruned =
        XmlText.remove(
            pom,
            "module",
            element ->
                !kept.contains((module.isEmpty() ? "" : module + "/") + XmlText.content(element)));
    pruned = XmlText.remove(pruned, "dependency", this::isLeftOut);
    return XmlText.remove(pruned, "include", this::isOfAnotherTemplate);
  }

  /** An element with group and artifact, or {@code group:artifact:…} of a plugin. */
  private boolean isLeftOut(String dependency) {
    String content = XmlText.content(dependency);
    if (content.startsWith(PomFile.GROUP + ":")) {
      return !keptArtifacts.contains(content.split(":", -1)[1]);
    }
    return dependency.contains("<groupId>" + PomFile.GROUP + "</groupId>")
        && !keptArtifacts.contains(artifact(dependency));
  }

  /** Versions of what only a runner needs that is left out. */
  private String withoutLeftOutRunners(String pom, FileTree tree) {
    Set<String> used = new HashSet<>();
    tree.files()
        .keySet()
        .forEach(
            path -> {
              if (path.endsWith("/pom.xml")) {
                XmlText.elements(tree.text(path), "dependency")
                    .forEach(dependency -> used.add(artifact(dependency)));
              }
            });
    String pruned =
        XmlText.remove(
            pom,
            "dependency",
            dependency ->
                namesLeftOutRunner(coordinates(dependency)) && !used.contains(artifact(dependency)),
            this::namesLeftOutRunner);
    Matcher properties = PROPERTY.matcher(pom);
    while (properties.find()) {
      String property = properties.group(1);
      String reference = "${" + property + "}";
      if (pom.contains(reference) && !pruned.contains(reference)) {
        pruned =
            XmlText.remove(pruned, Pattern.quote(property), any -> true, this::namesLeftOutRunner);
      }
    }
    return pruned;
  }

  private boolean namesLeftOutRunner(String text) {
    String lowerCase = text.toLowerCase(Locale.ROOT);
    return leftOutRunners.stream().anyMatch(lowerCase::contains);
  }

  private String withoutLeftOutFolders(String gitignore) {
    return gitignore
        .lines()
        .filter(
            line ->
                leftOutRunners.stream()
                    .noneMatch(runner -> line.startsWith(Layout.runnerFolder(runner) + "/")))
        .map(line -> line + "\n")
        .reduce("", String::concat);
  }

  /** Group and artifact, without exclusions. */
  private static String coordinates(String dependency) {
    return dependency.replaceFirst("(?s)<exclusions>.*", "");
  }

  private static String artifact(String dependency) {
    List<String> artifacts = XmlText.elements(dependency, "artifactId");
    return artifacts.isEmpty() ? "" : XmlText.content(artifacts.get(0));
  }
}
