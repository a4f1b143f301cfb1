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

  private static final String GOLDEN = "src/test/resources/golden/input.jsonl";

  private static final String RUN =
      """
      # Run it on sample events
      ./templates run %s --on %s \\
          --input=pipelines/%s/%s --output=target/out""";

  private static final String DESCRIBE =
      """
      # What it is asked, and an example of how it is run
      ./templates describe %s""";

  private static final String COMPARE =
      """
      This tells whether the results of the first are the expected ones:

      ```sh
      ./templates compare %s pipelines/%s/src/test/resources/golden/expected.jsonl target/out
      ```

      """;

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
            "first", first(to, configs.get(0), tree),
            "compare", hasGolden(to, tree) ? COMPARE.formatted(to.name(), to.name()) : "",
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

  private static boolean hasGolden(Identity to, FileTree tree) {
    return tree.has("pipelines/" + to.name() + "/" + GOLDEN);
  }

  private static String first(Identity to, LaunchConfig config, FileTree tree) {
    return hasGolden(to, tree)
        ? RUN.formatted(to.name(), config.name(), to.name(), GOLDEN)
        : DESCRIBE.formatted(to.name());
  }

  private static String template() throws IOException {
    try (InputStream in = ProjectReadme.class.getResourceAsStream("project-readme.template")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
