package org.beamtemplates.cli;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.beamtemplates.transforms.launch.Template;

/**
 * The templates that can be run.
 *
 * @param templates all of them, by name
 */
record Catalog(List<Template<?>> templates) {

  Catalog {
    templates =
        templates.stream().sorted(Comparator.comparing((Template<?> t) -> t.name())).toList();
  }

  /** Returns the templates on the classpath. */
  static Catalog onClasspath() {
    return new Catalog(
        ServiceLoader.load(Template.class).stream()
            .<Template<?>>map(ServiceLoader.Provider::get)
            .toList());
  }

  Template<?> named(String name) {
    return templates.stream()
        .filter(template -> template.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UserError(unknown(name)));
  }

  private String unknown(String name) {
    List<String> names = templates.stream().<String>map(Template::name).toList();
    return "There is no template " + name + ". " + Choices.of("Templates", name, names);
  }
}
