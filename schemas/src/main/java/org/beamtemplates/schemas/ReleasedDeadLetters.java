package org.beamtemplates.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schema of dead letters as it was in every version that was released. Dead letters are kept
 * for longer than anybody keeps a version.
 */
public final class ReleasedDeadLetters {

  /** Each has its folder in {@code baseline}. */
  private static final List<String> VERSIONS = List.of("0.1.0");

  private ReleasedDeadLetters() {}

  /** Returns the schemas, the oldest first. Reads them anew each time. */
  public static List<Schema> schemas() {
    return VERSIONS.stream().map(ReleasedDeadLetters::schema).toList();
  }

  private static Schema schema(String version) {
    String resource = "released/" + version + "/DeadLetter.avsc";
    try (InputStream in = ReleasedDeadLetters.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not in the jar of the schemas");
      }
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
