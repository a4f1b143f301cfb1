package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The snippets of the guides stand word by word in tests, which compile and run. */
@EnabledIf(value = "areThere", disabledReason = "a project made from a template has no guides")
class GuideTest {

  private static final Path GUIDES = Path.of("../docs");
  private static final List<Path> TESTS = List.of(Path.of("../pipelines"), Path.of("src/test"));
  private static final String EXAMPLES = "ExamplesTest.java";

  @ParameterizedTest
  @ValueSource(strings = {"testing.md", "aggregation.md", "dead-letters.md"})
  void everySnippetOfAGuideIsRun(String guide) throws IOException {
    String examples = examples();

    assertThat(snippets(GUIDES.resolve(guide)))
        .isNotEmpty()
        .allSatisfy(snippet -> assertThat(examples).contains(withoutLayout(snippet)));
  }

  static boolean areThere() {
    return Files.exists(GUIDES.resolve("testing.md"));
  }

  private static List<String> snippets(Path guide) throws IOException {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(guide))
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  private static String examples() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path tests : TESTS) {
      try (Stream<Path> files = Files.walk(tests)) {
        for (Path file : files.filter(path -> path.toString().endsWith(EXAMPLES)).toList()) {
          all.append(withoutLayout(Files.readString(file)));
        }
      }
    }
    return all.toString();
  }

  private static String withoutLayout(String code) {
    return code.replaceAll("\\s+", "");
  }
}
