package org.beamtemplates.transforms.launch;

import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** Options with one of everything that is checked. */
public interface SampleOptions extends PipelineOptions {

  /** How the sample should treat its input. */
  enum Mode {
    STRICT,
    LENIENT
  }

  @Describe(group = "Input", order = 10, example = "pageviews")
  @Description("Topic that is read.")
  @Validation.Required
  String getInputTopic();

  void setInputTopic(String value);

  @Describe(group = "Windows", order = 20)
  @Description("Length of the windows.")
  @Default.String("1m")
  @DurationOption(min = "1s", max = "1d")
  String getWindowSize();

  void setWindowSize(String value);

  @Describe(group = "Windows", order = 21)
  @Description("Number of buckets.")
  @Default.Integer(16)
  @Range(min = 1, max = 1000)
  int getBuckets();

  void setBuckets(int value);

  @Describe(group = "Input", order = 11)
  @Description("Format of the input.")
  @Default.String("json")
  @OneOf({"json", "avro"})
  String getFormat();

  void setFormat(String value);

  @Description("Mode.")
  @Default.Enum("STRICT")
  Mode getMode();

  void setMode(Mode value);

  @Description("Countries.")
  @Matches(value = "[A-Z]{2}", hint = "two capital letters")
  List<String> getCountries();

  void setCountries(List<String> value);

  @Description("Password of the registry.")
  @Matches(value = "(env|file):.+", hint = "env:NAME or file:PATH")
  String getRegistryPassword();

  void setRegistryPassword(String value);

  @Description("Reads from here.")
  @Validation.Required(groups = "source")
  String getFirstSource();

  void setFirstSource(String value);

  @Description("Or from here.")
  @Validation.Required(groups = "source")
  String getSecondSource();

  void setSecondSource(String value);

  @Description("A share.")
  @Range(min = 0, max = 1)
  @Default.Double(0.5)
  double getShare();

  void setShare(double value);
}
