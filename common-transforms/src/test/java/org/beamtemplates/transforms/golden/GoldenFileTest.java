package org.beamtemplates.transforms.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenFileTest {

  private static final List<String> KEY = List.of("window", "country");

  @TempDir private Path folder;
  private Path outputs;

  @BeforeEach
  void makeOutputs() throws IOException {
    outputs = Files.createDirectories(folder.resolve("outputs/.temp-beam"));
    Files.writeString(outputs.resolve("half-written.jsonl"), "{");
    Files.write(
        Files.createDirectories(folder.resolve("outputs/dead")).resolve("a.avro"), new byte[] {-1});
    outputs = outputs.getParent();
  }

  @Test
  void orderShardsAndFiringDoNotMatter() throws IOException {
    golden(result("DE", 1, 0, "ON_TIME"), result("FR", 2, 0, "ON_TIME"));
    output("0", result("FR", 2, 3, "LATE"));
    output("1", result("DE", 1, 0, "EARLY"));

    Comparison comparison = compare();

    assertThat(comparison.isEqual()).as(comparison.report()).isTrue();
    assertThat(comparison.report()).isEqualTo("equal: 2 final results in 2 files\n");
  }

  @Test
  void onlyTheHighestRevisionOfAKeyCounts() throws IOException {
    golden(result("DE", 5, 0, "ON_TIME"));
    output(
        "0", result("DE", 5, 10, "LATE"), result("DE", 3, 9, "EARLY"), result("DE", 1, 0, "EARLY"));

    assertThat(compare().isEqual()).isTrue();
  }

  @Test
  void aRevisionThatIsNotTheLastDoesNotCountEvenIfItWouldBeEqual() throws IOException {
    golden(result("DE", 5, 0, "ON_TIME"));
    output("0", result("DE", 5, 0, "ON_TIME"), result("DE", 6, 1, "LATE"));

    assertThat(compare().different()).hasSize(1);
  }

  @Test
  void tellsWhatIsMissingUnexpectedAndDifferent() throws IOException {
    golden(result("DE", 1, 0, "ON_TIME"), result("FR", 2, 0, "ON_TIME"));
    output("0", result("FR", 3, 0, "ON_TIME"), result("IT", 4, 0, "ON_TIME"));

    Comparison comparison = compare();

    assertThat(comparison.isEqual()).isFalse();
    assertThat(comparison.missing()).containsExactly("window=1 country=\"DE\"");
    assertThat(comparison.unexpected()).containsExactly("window=1 country=\"IT\"");
    assertThat(comparison.different())
        .singleElement()
        .satisfies(
            difference -> {
              assertThat(difference.key()).isEqualTo("window=1 country=\"FR\"");
              assertThat(difference.place()).endsWith("0.jsonl:1");
              assertThat(difference.fields()).containsExactly("events: expected 2 but found 3");
            });
  }

  @Test
  void numbersAreComparedByTheirExactValue() throws IOException {
    golden("{\"window\":1,\"country\":\"DE\",\"a\":1,\"b\":[{\"c\":0.1}],\"d\":9007199254740993}");
    output(
        "0",
        "{\"d\":9007199254740993,\"b\":[{\"c\":0.10}],\"a\":1.0,\"country\":\"DE\",\"window\":1}");
    assertThat(compare().isEqual()).isTrue();

    output(
        "0",
        "{\"d\":9007199254740992,\"b\":[{\"c\":0.10000000000000001}],\"a\":1,\"country\":\"DE\",\"window\":1}");
    assertThat(compare().different().get(0).fields()).hasSize(2);
  }

  @Test
  void fieldsThatAreOnlyOnOneSideDiffer() throws IOException {
    golden("{\"window\":1,\"country\":\"DE\",\"old\":null}");
    output("0", "{\"window\":1,\"country\":\"DE\",\"new\":1}");

    assertThat(compare().different().get(0).fields())
        .containsExactly(
            "new: expected nothing but found 1", "old: expected null but found nothing");
  }

  @Test
  void ignoredFieldsAreAChoice() throws IOException {
    golden(result("DE", 1, 0, "ON_TIME"));
    output("0", result("DE", 1, 0, "LATE"));

    assertThat(GoldenFile.read(goldenFile()).compare(List.of(outputs), KEY, Set.of()).isEqual())
        .isFalse();
  }

  @Test
  void linesThatAreNoResultsAreReportedWithFileAndLine() throws IOException {
    golden(result("DE", 1, 0, "ON_TIME"));
    output("0", result("DE", 1, 0, "ON_TIME"), "", "{oops", "[1]", "{\"window\":1}", "{} {}");

    assertThat(compare().faults())
        .satisfiesExactly(
            fault -> assertThat(fault).contains("0.jsonl:3: not valid JSON"),
            fault -> assertThat(fault).endsWith("0.jsonl:4: not a JSON object"),
            fault -> assertThat(fault).contains("0.jsonl:6: not valid JSON"),
            fault -> assertThat(fault).endsWith("0.jsonl:5: no country"));
    assertThat(compare().isEqual()).isFalse();
  }

  @Test
  void theSameResultTwiceIsFineButNotTwoResultsOfOneRevision() throws IOException {
    golden(result("DE", 1, 0, "ON_TIME"));
    output("0", result("DE", 1, 0, "ON_TIME"), result("DE", 1, 0, "ON_TIME"));
    assertThat(compare().isEqual()).isTrue();

    output("1", result("DE", 2, 0, "ON_TIME"));
    assertThat(compare().faults()).singleElement().asString().contains("same key and revision");
  }

  @Test
  void givesTheFinalResultsInOrderOfTheirKeysWithoutTheFiring() throws IOException {
    output("0", result("FR", 2, 0, "ON_TIME"), result("DE", 1, 0, "EARLY"));
    output("1", result("DE", 3, 1, "ON_TIME"));

    assertThat(GoldenFile.finalLines(List.of(outputs), KEY))
        .containsExactly(
            "{\"window\":1,\"country\":\"DE\",\"events\":3}",
            "{\"window\":1,\"country\":\"FR\",\"events\":2}");
  }

  @Test
  void givesNoFinalResultsWhereALineIsNone() throws IOException {
    output("0", result("DE", 1, 0, "ON_TIME"), "{\"window\":1}");

    assertThatThrownBy(() -> GoldenFile.finalLines(List.of(outputs), KEY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("0.jsonl:2: no country");
  }

  @Test
  void longReportsAreCut() throws IOException {
    golden(
        IntStream.range(0, 25)
            .mapToObj(i -> result("C" + i, i, 0, "ON_TIME"))
            .toArray(String[]::new));
    output("0", result("C3", 3, 0, "ON_TIME"));

    assertThat(compare().report())
        .startsWith("equal: 1 final result in 1 file\nmissing: 24\n  window=1 country=\"C0\"\n")
        .endsWith("  … and 14 more\n");
  }

  private Comparison compare() throws IOException {
    return GoldenFile.read(goldenFile()).compare(List.of(outputs), KEY);
  }

  private void golden(String... lines) throws IOException {
    Files.write(goldenFile(), List.of(lines));
  }

  private Path goldenFile() {
    return folder.resolve("golden.jsonl");
  }

  private void output(String name, String... lines) throws IOException {
    Files.write(outputs.resolve(name + ".jsonl"), List.of(lines));
  }

  private static String result(String country, int events, int revision, String timing) {
    return """
        {"window":1,"country":"%s","events":%d,"revision":%d,"timing":"%s"}"""
        .formatted(country, events, revision, timing);
  }
}
