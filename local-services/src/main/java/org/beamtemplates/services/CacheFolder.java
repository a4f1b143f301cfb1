package org.beamtemplates.services;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where unpacked programs are kept between runs. */
final class CacheFolder {

  static final String PROPERTY = "beamtemplates.cache";
  static final String VARIABLE = "BEAM_TEMPLATES_CACHE";

  private CacheFolder() {}

  static Path locate() {
    return locate(System::getProperty, System::getenv);
  }

  /** The property, else the variable, else the user's cache in the way of the XDG specification. */
  static Path locate(UnaryOperator<String> property, UnaryOperator<String> variable) {
    Optional<Path> chosen =
        Stream.of(property.apply(PROPERTY), variable.apply(VARIABLE))
            .filter(CacheFolder::isSet)
            .map(Path::of)
            .findFirst();
    return chosen.orElseGet(() -> userCache(property, variable).resolve("beam-templates"));
  }

  private static Path userCache(UnaryOperator<String> property, UnaryOperator<String> variable) {
    String xdg = variable.apply("XDG_CACHE_HOME");
    return isSet(xdg) ? Path.of(xdg) : Path.of(property.apply("user.home"), ".cache");
  }

  private static boolean isSet(String value) {
    return value != null && !value.isBlank();
  }
}
