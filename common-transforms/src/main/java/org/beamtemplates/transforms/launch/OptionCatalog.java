package org.beamtemplates.transforms.launch;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Every option that a launch knows, by name: the template's, the runner's and Beam's own. */
final class OptionCatalog {

  private final Map<String, Method> getters;

  private OptionCatalog(Map<String, Method> getters) {
    this.getters = getters;
  }

  /** Returns the options of the interface and of all that are registered with Beam. */
  static OptionCatalog of(Class<? extends PipelineOptions> type) {
    Map<String, Method> getters = new TreeMap<>();
    PipelineOptionsFactory.getRegisteredOptions()
        .forEach(registered -> getters.putAll(gettersOf(registered)));
    getters.putAll(gettersOf(type));
    return new OptionCatalog(getters);
  }

  /** Returns the getters of the interface and of those it extends, by the option's name. */
  static Map<String, Method> gettersOf(Class<? extends PipelineOptions> type) {
    Map<String, Method> getters = new TreeMap<>();
    for (Method method : type.getMethods()) {
      nameOf(method).ifPresent(name -> getters.merge(name, method, OptionCatalog::described));
    }
    return getters;
  }

  Set<String> names() {
    return getters.keySet();
  }

  Optional<Method> getter(String option) {
    return Optional.ofNullable(getters.get(option));
  }

  static boolean isList(Method getter) {
    Class<?> type = getter.getReturnType();
    return type.isArray() || Collection.class.isAssignableFrom(type);
  }

  static boolean isFlag(Method getter) {
    Class<?> type = getter.getReturnType();
    return type == boolean.class || type == Boolean.class;
  }

  private static Optional<String> nameOf(Method method) {
    if (method.getParameterCount() != 0 || method.getReturnType() == void.class) {
      return Optional.empty();
    }
    String name = method.getName();
    if (name.startsWith("get") && name.length() > 3) {
      return Optional.of(Introspector.decapitalize(name.substring(3)));
    }
    if (name.startsWith("is") && name.length() > 2 && isFlag(method)) {
      return Optional.of(Introspector.decapitalize(name.substring(2)));
    }
    return Optional.empty();
  }

  private static Method described(Method one, Method other) {
    return other.isAnnotationPresent(Description.class) ? other : one;
  }
}
