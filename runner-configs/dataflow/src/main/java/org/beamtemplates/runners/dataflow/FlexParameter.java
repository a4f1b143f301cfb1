package org.beamtemplates.runners.dataflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.PipelineOptions;
import org.beamtemplates.transforms.launch.DurationOption;
import org.beamtemplates.transforms.launch.OneOf;
import org.beamtemplates.transforms.launch.OptionDescription;
import org.beamtemplates.transforms.launch.Range;

/**
 * An option of a template as a parameter of a flex template.
 *
 * <p>All texts are of the type TEXT: names of topics are no KAFKA_READ_TOPIC, which would have the
 * brokers in front of it, and files are no GCS_READ_FILE, because an option does not tell that a
 * path has to be in Cloud Storage. What Dataflow checks is no more than a help for those who type:
 * the launch checks all of it.
 *
 * @param name name of the option, without dashes
 * @param label the same in words
 * @param helpText what it does, and what is allowed
 * @param groupName heading that it stands under
 * @param isOptional whether it can be left out; several that can may need one of them
 * @param paramType a name of Dataflow's enumeration of types
 * @param enumOptions the values of an ENUM
 * @param regexes POSIX extended regular expressions; the value matches all of them
 * @param defaultValue the default; empty if there is none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
  "name",
  "label",
  "helpText",
  "groupName",
  "isOptional",
  "paramType",
  "enumOptions",
  "regexes",
  "defaultValue"
})
record FlexParameter(
    String name,
    String label,
    String helpText,
    String groupName,
    @JsonProperty("isOptional") boolean isOptional,
    String paramType,
    List<Choice> enumOptions,
    List<String> regexes,
    String defaultValue) {

  private static final String DURATION =
      "^([0-9]+(ms|s|m|h|d))+$|^[Pp][0-9DdTtHhMmSs.]*[DdHhMmSs]$";

  /**
   * A value of an ENUM.
   *
   * @param value as it is given
   */
  record Choice(String value) {}

  static FlexParameter of(OptionDescription option, Class<? extends PipelineOptions> type) {
    Method getter = getter(option.name(), type);
    List<Choice> choices = choices(getter);
    String allowed =
        option.allowed().isEmpty() || !choices.isEmpty() ? "" : " Allowed: " + option.allowed();
    return new FlexParameter(
        option.name(),
        label(option.name()),
        option.meaning() + allowed,
        option.group(),
        !option.required(),
        choices.isEmpty() ? paramType(getter.getReturnType()) : "ENUM",
        choices,
        regexes(getter),
        getter.isAnnotationPresent(Default.InstanceFactory.class) ? "" : option.defaultValue());
  }

  private static Method getter(String option, Class<? extends PipelineOptions> type) {
    String suffix = option.substring(0, 1).toUpperCase(Locale.ROOT) + option.substring(1);
    return Stream.of(type.getMethods())
        .filter(method -> method.getParameterCount() == 0)
        .filter(method -> method.getName().matches("(get|is)" + suffix))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(type + " has no option " + option));
  }

  /** Returns the name in words: outputJdbcUrl is Output jdbc url. */
  private static String label(String name) {
    String words = name.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** Returns the values of which one is allowed; none if there are too many to list. */
  private static List<Choice> choices(Method getter) {
    Class<?> type = getter.getReturnType();
    OneOf oneOf = getter.getAnnotation(OneOf.class);
    Stream<String> values =
        type.isEnum()
            ? Arrays.stream(type.getEnumConstants()).map(constant -> ((Enum<?>) constant).name())
            : oneOf != null && type == String.class ? Stream.of(oneOf.value()) : Stream.empty();
    return values.map(Choice::new).toList();
  }

  private static String paramType(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "BOOLEAN";
    }
    return isWhole(type) || type == double.class || type == Double.class ? "NUMBER" : "TEXT";
  }

  private static boolean isWhole(Class<?> type) {
    return type == int.class
        || type == Integer.class
        || type == long.class
        || type == Long.class
        || type == short.class
        || type == Short.class;
  }

  /** Patterns of Matches are Java's, which Dataflow may read in another way: they are left out. */
  private static List<String> regexes(Method getter) {
    Class<?> type = getter.getReturnType();
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return List.of();
    }
    if (getter.isAnnotationPresent(DurationOption.class)) {
      return List.of(DURATION);
    }
    if (isWhole(type)) {
      Range range = getter.getAnnotation(Range.class);
      return List.of(range != null && range.min() >= 0 ? "^[0-9]+$" : "^-?[0-9]+$");
    }
    return type == boolean.class || type == Boolean.class ? List.of("^(true|false)$") : List.of();
  }
}
