package org.beamtemplates.runners.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.model.ParameterMetadata;
import com.google.api.services.dataflow.model.TemplateMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the Dockerfile and the Terraform files against the template that they name, as text: no
 * image was built and nothing applied.
 */
class FlexDeploymentTest {

  private static final Path DOCKERFILE = Path.of("Dockerfile");
  private static final Path MAIN = Path.of("terraform", "main.tf");
  private static final Path VARIABLES = Path.of("terraform", "variables.tf");

  /** What somebody may give, for parameters that are checked against each other. */
  private static final Map<String, String> GIVEN =
      Map.of(
          "bootstrapServers", "broker:9092",
          "registryUrl", "http://registry:8081",
          "startFrom", "earliest",
          "windowSize", "1m",
          "allowedLateness", "5m");

  @Test
  void theImageStartsATemplateThatLaunches() throws Exception {
    Template<?> template = template();

    assertThat(template.getClass().getMethod("main", String[].class)).isNotNull();
    assertThat(Files.readString(DOCKERFILE))
        .contains("\nENV FLEX_TEMPLATE_JAVA_MAIN_CLASS=${MAIN_CLASS}\n")
        .contains("/template/\n")
        .contains("\nENV FLEX_TEMPLATE_JAVA_CLASSPATH=/template/*\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"streaming", "batch"})
  void parametersOfAModeAreThoseOfTheTemplate(String mode) throws Exception {
    Template<?> template = template();
    Set<String> parameters = parameters(mode);
    List<ParameterMetadata> known =
        GsonFactory.getDefaultInstance()
            .fromString(
                Files.readString(Path.of("flex", template.name() + ".json")),
                TemplateMetadata.class)
            .getParameters();

    assertThat(parameters).isNotEmpty();
    assertThat(known).extracting(ParameterMetadata::getName).containsAll(parameters);
    assertThat(parameters)
        .containsAll(
            known.stream()
                .filter(parameter -> !parameter.getIsOptional())
                .map(ParameterMetadata::getName)
                .toList());
    assertThat(problems(template, parameters).all()).isEmpty();
  }

  @Test
  void theRunnerTakesTheExperiments() throws IOException {
    String list = only(matches(MAIN, "additional_experiments *= \\[(.*)]"));
    Problems problems = new Problems();

    new DataflowCapabilities()
        .preflight(
            PipelineOptionsFactory.fromArgs("--experiments=" + list.replaceAll("[\" ]", ""))
                .create(),
            problems);

    assertThat(list).contains("\"use_runner_v2\"");
    assertThat(problems.all()).extracting(Problems.Problem::option).doesNotContain("experiments");
  }

  @Test
  void variablesAreThoseThatAreUsed() throws IOException {
    List<String> declared = matches(VARIABLES, "^variable \"(\\w+)\"");

    assertThat(new TreeSet<>(matches(MAIN, "\\bvar\\.(\\w+)")))
        .containsExactlyInAnyOrderElementsOf(declared);
  }

  private static Template<?> template() throws Exception {
    String mainClass = only(matches(DOCKERFILE, "^ARG MAIN_CLASS=(\\S+)$"));
    Object template = Class.forName(mainClass).getConstructor().newInstance();
    assertThat(template).isInstanceOf(Template.class);
    return (Template<?>) template;
  }

  /** Returns the names that a mode gives, in {@code main.tf}. */
  private static Set<String> parameters(String mode) throws IOException {
    String block = only(matches(MAIN, "^ +" + mode + " = \\{$([^}]*)}"));
    return new TreeSet<>(
        Pattern.compile("^ *(\\w+) *=", Pattern.MULTILINE)
            .matcher(block)
            .results()
            .map(found -> found.group(1))
            .toList());
  }

  private static <T extends PipelineOptions> Problems problems(
      Template<T> template, Set<String> parameters) {
    String[] args =
        parameters.stream()
            .map(name -> "--" + name + "=" + GIVEN.getOrDefault(name, name))
            .toArray(String[]::new);
    Problems problems = new Problems();
    template.validate(PipelineOptionsFactory.fromArgs(args).as(template.optionsClass()), problems);
    return problems;
  }

  /** Returns what the first group matches, each time. */
  private static List<String> matches(Path file, String regex) throws IOException {
    return Pattern.compile(regex, Pattern.MULTILINE)
        .matcher(Files.readString(file))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static String only(List<String> found) {
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
