package org.beamtemplates.cli.deadletters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.beamtemplates.transforms.registry.RegistryUnavailableException;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.beamtemplates.transforms.registry.UnknownSchemaException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The schemas by which payloads can be read: one from a file, those of a registry, or none. */
final class Schemas {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final @Nullable Schema given;
  private final @Nullable SchemaRegistry registry;

  private Schemas(@Nullable Schema given, @Nullable SchemaRegistry registry) {
    this.given = given;
    this.registry = registry;
  }

  static Schemas none() {
    return new Schemas(null, null);
  }

  static Schemas of(@Nullable Path file, @Nullable String registryUrl) {
    return new Schemas(
        file == null ? null : parsed(file), registryUrl == null ? null : registry(registryUrl));
  }

  /** Returns the schema of the file, if one was given. */
  Optional<Schema> given() {
    return Optional.ofNullable(given);
  }

  /** Returns the registry's schema of an id; the file's, if one was given. */
  Schema ofId(int id) throws UndecodedException {
    if (given != null) {
      return given;
    }
    if (registry == null) {
      throw new UndecodedException(
          "its schema has id %d: name the registry with --registryUrl, or a file with --schema"
              .formatted(id));
    }
    try {
      return registry.schemaById(id);
    } catch (UnknownSchemaException e) {
      throw new UndecodedException(
          "its schema has id %d, but %s".formatted(id, Texts.line(e.getMessage())));
    } catch (RegistryUnavailableException e) {
      throw new UndecodedException("the registry does not answer: " + Texts.line(e.getMessage()));
    }
  }

  private static Schema parsed(Path file) {
    try {
      return new Schema.Parser().parse(Files.readString(file));
    } catch (IOException e) {
      throw new Refusal("--schema=" + file + " cannot be read (" + e + ")");
    } catch (SchemaParseException e) {
      throw new Refusal("--schema=" + file + " is no Avro schema: " + e.getMessage());
    }
  }

  private static SchemaRegistry registry(String url) {
    Optional<String> problem = SchemaRegistry.urlProblem(url);
    if (problem.isPresent()) {
      throw new Refusal("--registryUrl " + problem.get());
    }
    return SchemaRegistry.at(url).withPatience(PATIENCE);
  }
}
