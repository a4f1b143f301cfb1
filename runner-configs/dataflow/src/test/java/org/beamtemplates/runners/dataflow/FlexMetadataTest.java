package org.beamtemplates.runners.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.dataflow.model.TemplateMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.beamtemplates.transforms.launch.Describe;
import org.beamtemplates.transforms.launch.DurationOption;
import org.beamtemplates.transforms.launch.OneOf;
import org.beamtemplates.transforms.launch.OptionDescription;
import org.beamtemplates.transforms.launch.Range;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FlexMetadataTest {

  /** System property that accepts the metadata as they are now. */
  private static final String UPDATE = "flex.update";

  private static final Path FOLDER = Path.of("flex");

  @TestFactory
  Stream<DynamicTest> filesAreThoseOfTheOptions() throws IOException {
    if (Boolean.getBoolean(UPDATE)) {
      FlexMetadata.writeTo(FOLDER);
    }
    return FlexMetadata.files().entrySet().stream()
        .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> assertUpToDate(file)));
  }

  private static void assertUpToDate(Map.Entry<String, String> file) {
    assertThat(FOLDER.resolve(file.getKey()))
        .as(
            "The options of the template have changed. To take that over, run %s with -D%s=true,"
                + " and commit the file",
            FlexMetadataTest.class.getSimpleName(), UPDATE)
        .exists()
        .hasContent(file.getValue());
  }

  @Test
  void thereIsNoFileOfATemplateThatIsGone() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(FlexMetadata.files().keySet());
    }
  }

  @TestFactory
  Stream<DynamicTest> dataflowKnowsEveryField() {
    return FlexMetadata.files().entrySet().stream()
        .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> assertKnown(file.getValue())));
  }

  /** Google's client keeps what it does not know apart. */
  private static void assertKnown(String json) throws IOException {
    TemplateMetadata metadata =
        GsonFactory.getDefaultInstance().fromString(json, TemplateMetadata.class);

    assertThat(metadata.getName()).isNotEmpty();
    assertThat(metadata.getDescription()).isNotEmpty();
    assertThat(metadata.getUnknownKeys()).isEmpty();
    assertThat(metadata.getParameters())
        .isNotEmpty()
        .allSatisfy(
            parameter -> {
              assertThat(parameter.getUnknownKeys()).isEmpty();
              assertThat(parameter.getName()).isNotEmpty();
              assertThat(parameter.getLabel()).isNotEmpty();
              assertThat(parameter.getHelpText()).isNotEmpty();
            });
  }

  @Test
  void anOptionIsRequiredIfItsLaunchRequiresIt() {
    assertThat(parameter("brokers").isOptional()).isFalse();
    assertThat(parameter("files").isOptional()).isTrue();
  }

  @Test
  void helpTellsMeaningAndLimits() {
    FlexParameter patience = parameter("patience");

    assertThat(patience.label()).isEqualTo("Patience");
    assertThat(parameter("retryCount").label()).isEqualTo("Retry count");
    assertThat(patience.helpText()).isEqualTo("How long to wait. Allowed: 1s or more");
    assertThat(patience.groupName()).isEqualTo("Time");
    assertThat(patience.defaultValue()).isEqualTo("1m");
  }

  @Test
  void typesAreTold() {
    assertThat(parameter("files").paramType()).isEqualTo("TEXT");
    assertThat(parameter("share").paramType()).isEqualTo("NUMBER");
    assertThat(parameter("retryCount").paramType()).isEqualTo("NUMBER");
    assertThat(parameter("dry").paramType()).isEqualTo("BOOLEAN");
    assertThat(parameter("start").paramType()).isEqualTo("ENUM");
    assertThat(parameter("start").enumOptions())
        .extracting(FlexParameter.Choice::value)
        .containsExactly("earliest", "latest");
    assertThat(parameter("color").enumOptions())
        .extracting(FlexParameter.Choice::value)
        .containsExactly("RED", "GREEN");
  }

  @Test
  void whatDataflowRefusesTheLaunchWouldRefuse() {
    assertThat(List.of("250ms", "1h30m", "PT1M", "P1DT2H", "pt0.5s"))
        .allMatch(value -> isTaken("patience", value));
    assertThat(isTaken("patience", "60")).isFalse();
    assertThat(isTaken("retryCount", "12")).isTrue();
    assertThat(isTaken("retryCount", "-1")).isFalse();
    assertThat(isTaken("offset", "-3")).isTrue();
    assertThat(isTaken("offset", "3s")).isFalse();
    assertThat(isTaken("dry", "true")).isTrue();
    assertThat(isTaken("dry", "yes")).isFalse();
    assertThat(parameter("ids").regexes()).isEmpty();
    assertThat(parameter("share").regexes()).isEmpty();
  }

  private static boolean isTaken(String name, String value) {
    List<String> regexes = parameter(name).regexes();
    assertThat(regexes).isNotEmpty();
    return regexes.stream().allMatch(regex -> Pattern.compile(regex).matcher(value).find());
  }

  private static FlexParameter parameter(String name) {
    return OptionDescription.of(SomeOptions.class).stream()
        .filter(option -> option.name().equals(name))
        .map(option -> FlexParameter.of(option, SomeOptions.class))
        .findFirst()
        .orElseThrow();
  }

  /** One of each kind. */
  interface SomeOptions extends PipelineOptions {

    enum Color {
      RED,
      GREEN
    }

    @Description("Brokers.")
    @Validation.Required
    String getBrokers();

    void setBrokers(String value);

    @Description("Files.")
    String getFiles();

    void setFiles(String value);

    @Description("Ids.")
    List<Long> getIds();

    void setIds(List<Long> value);

    @Describe(group = "Time", order = 1)
    @Description("How long to wait.")
    @Default.String("1m")
    @DurationOption(min = "1s")
    String getPatience();

    void setPatience(String value);

    @Description("How often.")
    @Range(min = 0)
    int getRetryCount();

    void setRetryCount(int value);

    @Description("How far.")
    long getOffset();

    void setOffset(long value);

    @Description("How much.")
    @Range(min = 0, max = 1)
    double getShare();

    void setShare(double value);

    @Description("Whether it does nothing.")
    boolean isDry();

    void setDry(boolean value);

    @Description("Where to begin.")
    @OneOf({"earliest", "latest"})
    String getStart();

    void setStart(String value);

    @Description("Which color.")
    Color getColor();

    void setColor(Color value);
  }
}
