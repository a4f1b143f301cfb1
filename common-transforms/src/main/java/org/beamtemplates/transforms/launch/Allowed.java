package org.beamtemplates.transforms.launch;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.ValueProvider;

/** What an option accepts, in words: from its type and from the annotations of its getter. */
final class Allowed {

  private Allowed() {}

  /** Returns the kind of value: text, whole number, duration, … */
  static String kind(Method getter) {
    if (getter.isAnnotationPresent(DurationOption.class)) {
      return "duration";
    }
    Class<?> element = elementType(getter);
    String kind = kind(element);
    return OptionCatalog.isList(getter) ? "list of " + kind : kind;
  }

  /** Returns the values that are allowed, or an empty text if the kind says it all. */
  static String values(Method getter) {
    DurationOption duration = getter.getAnnotation(DurationOption.class);
    if (duration != null) {
      return limits(duration.min(), duration.max());
    }
    OneOf oneOf = getter.getAnnotation(OneOf.class);
    if (oneOf != null) {
      return String.join(", ", oneOf.value());
    }
    Range range = getter.getAnnotation(Range.class);
    if (range != null) {
      return limits(
          range.min() == Long.MIN_VALUE ? "" : String.valueOf(range.min()),
          range.max() == Long.MAX_VALUE ? "" : String.valueOf(range.max()));
    }
    Matches matches = getter.getAnnotation(Matches.class);
    if (matches != null) {
      return matches.hint();
    }
    Class<?> element = elementType(getter);
    if (element.isEnum()) {
      return Arrays.stream(element.getEnumConstants())
          .map(constant -> ((Enum<?>) constant).name())
          .collect(Collectors.joining(", "));
    }
    return "";
  }

  /** Returns the type of the option, or of its elements if it is a list. */
  static Class<?> elementType(Method getter) {
    return elementType(getter.getGenericReturnType());
  }

  private static Class<?> elementType(Type type) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      boolean container =
          Iterable.class.isAssignableFrom(raw) || ValueProvider.class.isAssignableFrom(raw);
      return container ? elementType(generic.getActualTypeArguments()[0]) : raw;
    }
    if (type instanceof Class<?> plain) {
      return plain.isArray() ? plain.getComponentType() : plain;
    }
    return Object.class;
  }

  private static String kind(Class<?> type) {
    if (type == String.class) {
      return "text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "whole number";
    }
    if (type == double.class || type == Double.class) {
      return "number";
    }
    if (type.isEnum()) {
      return "name";
    }
    return type == Class.class ? "class name" : "JSON of " + type.getSimpleName();
  }

  private static String limits(String min, String max) {
    if (min.isEmpty()) {
      return max.isEmpty() ? "" : max + " or less";
    }
    return max.isEmpty() ? min + " or more" : min + " to " + max;
  }
}
