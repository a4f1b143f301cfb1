package org.beamtemplates.transforms.launch;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What a user is told about an option; read from the annotations of its getter, so that it cannot
 * go stale.
 *
 * @param name the name, without dashes
 * @param kind kind of value: text, whole number, duration, …
 * @param required whether it must be given
 * @param defaultValue the default; empty if there is none
 * @param allowed which values are allowed; empty if the kind says it all
 * @param meaning what the option does
 * @param group heading that it stands under
 * @param example a value to show; empty if it is not part of the example
 */
public record OptionDescription(
    String name,
    String kind,
    boolean required,
    String defaultValue,
    String allowed,
    String meaning,
    String group,
    String example) {

  private static final String NO_GROUP = "Options";

  /**
   * Returns the options that the interface and its own ancestors declare, without those of Beam, in
   * the order that {@link Describe} gives.
   */
  public static List<OptionDescription> of(Class<? extends PipelineOptions> type) {
    Map<String, Method> own =
        OptionCatalog.gettersOf(type).entrySet().stream()
            .filter(entry -> !isOfBeam(entry.getValue()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Map<String, Integer> places =
        own.values().stream()
            .collect(
                Collectors.toMap(OptionDescription::group, OptionDescription::order, Math::min));
    return own.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, Method> entry) -> places.get(group(entry.getValue())))
                .thenComparing(entry -> group(entry.getValue()))
                .thenComparing(entry -> order(entry.getValue()))
                .thenComparing(Map.Entry::getKey))
        .map(entry -> describe(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static OptionDescription describe(String name, Method getter) {
    Description meaning = getter.getAnnotation(Description.class);
    Describe place = getter.getAnnotation(Describe.class);
    return new OptionDescription(
        name,
        Allowed.kind(getter),
        OptionChecks.isRequired(getter),
        defaultOf(getter),
        Allowed.values(getter),
        meaning == null ? "" : meaning.value(),
        group(getter),
        place == null ? "" : place.example());
  }

  private static boolean isOfBeam(Method getter) {
    return getter.getDeclaringClass().getName().startsWith("org.apache.beam.");
  }

  private static String group(Method getter) {
    Describe place = getter.getAnnotation(Describe.class);
    return place == null ? NO_GROUP : place.group();
  }

  private static int order(Method getter) {
    Describe place = getter.getAnnotation(Describe.class);
    return place == null ? Integer.MAX_VALUE : place.order();
  }

  /** Beam has an annotation a type, each with a {@code value()}. */
  private static String defaultOf(Method getter) {
    for (Annotation annotation : getter.getAnnotations()) {
      Class<?> kind = annotation.annotationType();
      if (kind.getEnclosingClass() == Default.class) {
        return kind == Default.InstanceFactory.class ? "computed" : valueOf(annotation);
      }
    }
    return "";
  }

  private static String valueOf(Annotation annotation) {
    try {
      Object value = annotation.annotationType().getMethod("value").invoke(annotation);
      return value instanceof Class<?> type ? type.getSimpleName() : value.toString();
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Every annotation of Default has a value", e);
    }
  }
}
