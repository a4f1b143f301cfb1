package org.beamtemplates.transforms.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.apache.beam.sdk.options.ValueProvider;

/** Checks options against the annotations of their getters. */
final class OptionChecks {

  private final Map<String, Method> getters;
  private final Problems problems;

  OptionChecks(Class<? extends PipelineOptions> type, Problems problems) {
    this.getters = OptionCatalog.gettersOf(type);
    this.problems = problems;
  }

  /** Adds a problem for each option that breaks a rule and has no problem yet. */
  void check(PipelineOptions options) {
    getters.forEach((option, getter) -> check(option, getter, options));
    requiredGroups().forEach((group, members) -> checkGroup(members, options));
  }

  private void check(String option, Method getter, PipelineOptions options) {
    if (!isAnnotated(getter) || problems.concern(option)) {
      return;
    }
    List<Object> values = valuesOf(option, getter, options);
    if (isRequired(getter) && values.isEmpty() && !problems.concern(option)) {
      problems.add(option, "is required: " + description(getter));
    }
    for (Object value : values) {
      String fault = fault(getter, value);
      if (!fault.isEmpty() && !problems.concern(option)) {
        problems.add(option, Secrets.show(option, String.valueOf(value)) + " " + fault);
      }
    }
  }

  private static boolean isAnnotated(Method getter) {
    return isRequired(getter)
        || getter.isAnnotationPresent(DurationOption.class)
        || getter.isAnnotationPresent(OneOf.class)
        || getter.isAnnotationPresent(Range.class)
        || getter.isAnnotationPresent(Matches.class);
  }

  /** Returns whether the option must be given whatever the others are. */
  static boolean isRequired(Method getter) {
    Validation.Required required = getter.getAnnotation(Validation.Required.class);
    return required != null && required.groups().length == 0;
  }

  private static String description(Method getter) {
    Description description = getter.getAnnotation(Description.class);
    return description == null ? "a " + Allowed.kind(getter) : description.value();
  }

  /** Returns what is wrong with the value, as the rest of a sentence about it; empty if nothing. */
  private static String fault(Method getter, Object value) {
    if (getter.isAnnotationPresent(DurationOption.class)) {
      return durationFault(getter, value.toString());
    }
    boolean allowed = true;
    OneOf oneOf = getter.getAnnotation(OneOf.class);
    if (oneOf != null) {
      List<String> choices = List.of(oneOf.value());
      if (!choices.contains(value.toString())) {
        String question = DidYouMean.question(value.toString(), choices);
        return ("is not allowed; allowed: " + Allowed.values(getter) + ". " + question).strip();
      }
    }
    Range range = getter.getAnnotation(Range.class);
    if (range != null) {
      allowed = value instanceof Number number && isWithin(range, number);
    }
    Matches matches = getter.getAnnotation(Matches.class);
    if (matches != null) {
      allowed = allowed && value.toString().matches(matches.value());
    }
    return allowed ? "" : "is not allowed; allowed: " + Allowed.values(getter);
  }

  private static String durationFault(Method getter, String value) {
    DurationOption limits = getter.getAnnotation(DurationOption.class);
    Duration duration;
    try {
      duration = Durations.parse(value);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
    if (!limits.min().isEmpty() && duration.compareTo(Durations.parse(limits.min())) < 0) {
      return "is too short; allowed: " + Allowed.values(getter);
    }
    if (!limits.max().isEmpty() && duration.compareTo(Durations.parse(limits.max())) > 0) {
      return "is too long; allowed: " + Allowed.values(getter);
    }
    return "";
  }

  /** Not-a-number is within no range. */
  private static boolean isWithin(Range range, Number number) {
    if (number instanceof Double || number instanceof Float) {
      return number.doubleValue() >= range.min() && number.doubleValue() <= range.max();
    }
    return number.longValue() >= range.min() && number.longValue() <= range.max();
  }

  private Map<String, List<String>> requiredGroups() {
    Map<String, List<String>> groups = new TreeMap<>();
    getters.forEach(
        (option, getter) -> {
          Validation.Required required = getter.getAnnotation(Validation.Required.class);
          if (required != null) {
            for (String group : required.groups()) {
              groups.computeIfAbsent(group, name -> new ArrayList<>()).add(option);
            }
          }
        });
    return groups;
  }

  private void checkGroup(List<String> members, PipelineOptions options) {
    boolean given =
        members.stream()
            .anyMatch(
                option ->
                    problems.concern(option)
                        || !valuesOf(option, getters.get(option), options).isEmpty());
    if (!given) {
      problems.add(
          members.get(0),
          members.size() == 1
              ? "is required: " + description(getters.get(members.get(0)))
              : "is required, or one of: --"
                  + String.join(", --", members.subList(1, members.size())));
    }
  }

  /** Returns the value, the elements of a list, or nothing if the option is not set. */
  private List<Object> valuesOf(String option, Method getter, PipelineOptions options) {
    Object value = valueOf(option, getter, options);
    if (value instanceof ValueProvider<?> provider) {
      value = provider.isAccessible() ? provider.get() : null;
    }
    if (value == null || (value instanceof String text && text.isBlank())) {
      return List.of();
    }
    if (value instanceof Collection<?> collection) {
      return List.copyOf(collection);
    }
    return value instanceof Object[] array ? Arrays.asList(array) : List.of(value);
  }

  private Object valueOf(String option, Method getter, PipelineOptions options) {
    try {
      return getter.invoke(options);
    } catch (InvocationTargetException e) {
      // A default that cannot be computed, such as the runner's when there is none.
      if (!problems.concern(option)) {
        problems.add(
            option,
            option.equals("runner")
                ? "is required; " + Runners.wanted()
                : "has no default here: " + e.getCause().getMessage());
      }
      return null;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Options are public interfaces", e);
    }
  }
}
