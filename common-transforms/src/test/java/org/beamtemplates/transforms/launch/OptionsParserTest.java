package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.beamtemplates.transforms.launch.Problems.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsParserTest {

  private static final String[] REQUIRED = {"--inputTopic=in", "--firstSource=here"};

  @TempDir private Path folder;
  private final Problems problems = new Problems();

  @Test
  void acceptsGoodOptions() {
    SampleOptions options =
        parse("--windowSize=5m", "--buckets=7", "--mode=LENIENT", "--countries=DE,FR", "--share=1");

    assertThat(problems.all()).isEmpty();
    assertThat(options.getWindowSize()).isEqualTo("5m");
    assertThat(options.getBuckets()).isEqualTo(7);
    assertThat(options.getMode()).isEqualTo(SampleOptions.Mode.LENIENT);
    assertThat(options.getCountries()).containsExactly("DE", "FR");
    assertThat(options.getFormat()).isEqualTo("json");
  }

  @Test
  void reportsAllProblemsAtOnce() {
    SampleOptions options =
        OptionsParser.parse(
            SampleOptions.class,
            new String[] {
              "--windowSize=5 minutes",
              "--buckets=many",
              "--format=jsn",
              "--mode=STRCT",
              "--countries=DE,fra",
              "--share=NaN",
              "--inputTopc=in",
              "--nonsenseWithoutAnyNeighbour=1",
              "stray"
            },
            folder,
            problems);

    assertThat(messageOf("windowSize"))
        .isEqualTo("\"5 minutes\" is not a duration; write it like 250ms, 30s, 5m, 1h, 1d or PT1M");
    assertThat(messageOf("buckets"))
        .isEqualTo("\"many\" does not fit; it takes a whole number: 1 to 1000");
    assertThat(messageOf("format"))
        .isEqualTo("\"jsn\" is not allowed; allowed: json, avro. Did you mean json?");
    assertThat(messageOf("mode"))
        .isEqualTo("\"STRCT\" does not fit; it takes a name: STRICT, LENIENT");
    assertThat(messageOf("countries"))
        .isEqualTo("\"fra\" is not allowed; allowed: two capital letters");
    assertThat(messageOf("share")).isEqualTo("\"NaN\" is not allowed; allowed: 0 to 1");
    assertThat(messageOf("inputTopc")).isEqualTo("does not exist. Did you mean --inputTopic?");
    assertThat(messageOf("nonsenseWithoutAnyNeighbour")).isEqualTo("does not exist.");
    assertThat(messageOf(""))
        .isEqualTo("\"stray\" is not an option; options look like --name=value");
    assertThat(messageOf("inputTopic")).isEqualTo("is required: Topic that is read.");
    assertThat(messageOf("firstSource")).isEqualTo("is required, or one of: --secondSource");
    assertThat(problems.all()).hasSize(11);
    assertThat(options.getBuckets()).as("default of what could not be read").isEqualTo(16);
  }

  @Test
  void oneMemberOfARequiredGroupIsEnough() {
    OptionsParser.parse(
        SampleOptions.class,
        new String[] {"--inputTopic=in", "--secondSource=s"},
        folder,
        problems);

    assertThat(problems.all()).isEmpty();
  }

  @Test
  void durationsOutOfRangeAreProblems() {
    parse("--windowSize=100ms");
    assertThat(messageOf("windowSize")).isEqualTo("\"100ms\" is too short; allowed: 1s to 1d");
  }

  @Test
  void emptyValuesAreProblems() {
    parse("--inputTopic=", "--buckets= ", "--countries=");

    assertThat(options()).containsExactly("inputTopic", "buckets", "countries");
    assertThat(messageOf("inputTopic")).startsWith("has no value");
  }

  @Test
  void valuesInAnArgumentOfTheirOwnAreExplained() {
    parse("--buckets", "5", "--registryPassword", "hunter2");

    assertThat(messageOf("buckets")).isEqualTo("needs its value in the same argument: --buckets=5");
    assertThat(messageOf("registryPassword")).contains("***");
  }

  @Test
  void onlyFlagsGoWithoutAValue() {
    parse("--format");

    assertThat(messageOf("format")).startsWith("needs a value, such as --format=…");
  }

  @Test
  void secretsAreNeverEchoed() {
    parse("--registryPassword=hunter2", "--registryPasword=hunter2", "--apiToken", "hunter2");

    assertThat(problems.all()).hasSize(3).noneMatch(p -> p.message().contains("hunter2"));
  }

  @Test
  void unknownRunnersAreAnsweredWithTheKnownOnes() {
    parse("--runner=FlinkRunner");

    assertThat(messageOf("runner"))
        .isEqualTo("\"FlinkRunner\" does not fit; runners on the classpath: DirectRunner");
  }

  @Test
  void argumentFilesAreReadInPlaceAndLaterValuesWin() throws IOException {
    file("base.options", "# the base", "", "--buckets=1", "--format=avro", "--experiments=a");
    file("more.options", "@base.options", "  --buckets=2", "--tempLocation=${here}/tmp");

    SampleOptions options =
        parse("--format=json", "@more.options", "--experiments=b", "--buckets=3");

    assertThat(problems.all()).isEmpty();
    assertThat(options.getBuckets()).isEqualTo(3);
    assertThat(options.getFormat()).isEqualTo("avro");
    assertThat(options.getTempLocation()).isEqualTo(folder + "/tmp");
    assertThat(options.as(ExperimentalOptions.class).getExperiments()).containsExactly("a", "b");
  }

  @Test
  void aListOnTheCommandLineReplacesTheOneFromAFile() throws IOException {
    file("base.options", "--countries=DE", "--countries=FR");

    assertThat(parse("@base.options").getCountries()).containsExactly("DE", "FR");
    assertThat(parse("@base.options", "--countries=IT", "--countries=ES").getCountries())
        .containsExactly("IT", "ES");
  }

  @Test
  void aBadValueThatIsOverriddenDoesNoHarm() throws IOException {
    file("base.options", "--buckets=many");

    assertThat(parse("@base.options", "--buckets=3").getBuckets()).isEqualTo(3);
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void problemsInFilesNameFileAndLine() throws IOException {
    Path file = file("bad.options", "# comment", "--buckets=many");

    parse("@bad.options", "@absent.options");

    assertThat(messageOf("buckets")).contains("(in " + file + ":2)");
    assertThat(messageOf(""))
        .startsWith("@absent.options cannot be read")
        .contains(folder.resolve("absent.options").toString());
  }

  @Test
  void filesThatNameEachOtherAreAProblem() throws IOException {
    file("a.options", "@b.options");
    file("b.options", "@a.options");

    parse("@a.options");

    assertThat(messageOf("")).startsWith("@a.options names itself");
  }

  private SampleOptions parse(String... args) {
    List<String> all = new ArrayList<>(List.of(REQUIRED));
    all.addAll(Arrays.asList(args));
    return OptionsParser.parse(SampleOptions.class, all.toArray(String[]::new), folder, problems);
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private List<String> options() {
    return problems.all().stream().map(Problem::option).toList();
  }

  private String messageOf(String option) {
    assertThat(options()).contains(option);
    return problems.all().stream()
        .filter(problem -> problem.option().equals(option))
        .map(Problem::message)
        .findFirst()
        .orElseThrow();
  }
}
