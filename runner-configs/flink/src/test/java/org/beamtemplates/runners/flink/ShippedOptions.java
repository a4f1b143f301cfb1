package org.beamtemplates.runners.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options of flink.options, so that tests run jobs as users do. */
public final class ShippedOptions {

  private static final Path FILE = Path.of("flink.options");

  private ShippedOptions() {}

  /**
   * Returns the shipped options and others, which take their places.
   *
   * @param others such as {@code --checkpointingInterval=500}
   */
  public static String[] with(String... others) {
    return with(List.of(others));
  }

  /** Returns the shipped options and others, which take their places. */
  public static String[] with(List<String> others) {
    Map<String, String> byName = new LinkedHashMap<>();
    Stream.concat(shipped().stream(), others.stream())
        .forEach(option -> byName.put(option.split("=", 2)[0], option));
    return byName.values().toArray(String[]::new);
  }

  private static List<String> shipped() {
    try {
      String here = FILE.toAbsolutePath().getParent().toString();
      return Files.readAllLines(FILE).stream()
          .filter(line -> line.startsWith("--"))
          .map(line -> line.replace("${here}", here))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
