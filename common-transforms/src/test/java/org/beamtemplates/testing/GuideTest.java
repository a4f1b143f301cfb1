package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The snippets of docs/testing.md stand word by word in tests, which compile and run. */
class GuideTest {

  private static final Path GUIDE = Path.of("../docs/testing.md");
  private static final Path TEMPLATES = Path.of("../pipelines");
  private static final String EXAMPLES = "TestingExamplesTest.java";

  @Test
  @EnabledIf(value = "isThere", disabledReason = "a project made from a template has no guide")
  void everySnippetOfTheGuideIsRun() throws IOException {
    String examples = examples();

    assertThat(snippets())
        .isNotEmpty()
        .allSatisfy(snippet -> assertThat(examples).contains(withoutLayout(snippet)));
  }

  static boolean isThere() {
    return Files.exists(GUIDE);
  }

  private static List<String> snippets() throws IOException {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(GUIDE))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  private static String examples() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(TEMPLATES)) {
      for (Path file : files.filter(path -> path.endsWith(EXAMPLES)).toList()) {
        all.append(withoutLayout(Files.readString(file)));
      }
    }
    return all.toString();
  }

  private static String withoutLayout(String code) {
    return code.replaceAll("\\s+", "");
  }
}
