package org.beamtemplates.schemas;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The schemas of this module as they lie on disk, by name of the file. */
final class SchemaFiles {

  private static final Path CURRENT = Path.of("src", "main", "avro");
  private static final Path RELEASED = Path.of("baseline");
  private static final String SUFFIX = ".avsc";

  private SchemaFiles() {}

  static Map<String, Schema> current() {
    return schemasIn(CURRENT);
  }

  /** Returns the released schemas by version. */
  static SortedMap<String, Map<String, Schema>> released() {
    SortedMap<String, Map<String, Schema>> versions = new TreeMap<>();
    for (Path version : children(RELEASED)) {
      versions.put(version.getFileName().toString(), schemasIn(version));
    }
    return versions;
  }

  private static Map<String, Schema> schemasIn(Path folder) {
    return children(folder).stream()
        .filter(file -> file.toString().endsWith(SUFFIX))
        .collect(
            toMap(
                file -> file.getFileName().toString().replace(SUFFIX, ""),
                SchemaFiles::parse,
                (first, second) -> first,
                TreeMap::new));
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Schema parse(Path file) {
    try {
      return new Schema.Parser().parse(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
