package org.beamtemplates.cli.create;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README of a project that was made from a template. */
final class ProjectReadme {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-zA-Z]+)}");

  private ProjectReadme() {}

  /**
   * Writes it.
   *
   * @param to the template of the project
   * @param summary what the template does
   * @param configs what it can be launched with
   * @param tree files of the project
   * @param docs more to read: paths in the project
   */
  static String write(
      Identity to, String summary, List<LaunchConfig> configs, FileTree tree, List<String> docs)
      throws IOException {
    Map<String, String> values =
        Map.of(
            "name", to.name().dashed(),
            "class", to.name().pascal(),
            "packagePath", to.packagePath(),
            "summary", summary,
            "config", configs.get(0).name(),
            "configs",
                configs.stream()
                    .map(
                        config ->
                            "./templates run %s --on %s …   # %s"
                                .formatted(to.name(), config.name(), config.summary()))
                    .collect(joining("\n")),
            "docs",
                docs.stream()
                    .map(path -> "* [%s](%s)".formatted(Markdown.title(tree.text(path)), path))
                    .collect(joining("\n")));
    return PLACEHOLDER
        .matcher(template())
        .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))));
  }

  private static String template() throws IOException {
    try (InputStream in = ProjectReadme.class.getResourceAsStream("project-readme.template")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
