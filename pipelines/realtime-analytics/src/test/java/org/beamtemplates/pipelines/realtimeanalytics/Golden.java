package org.beamtemplates.pipelines.realtimeanalytics;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.beamtemplates.transforms.golden.Comparison;
import org.beamtemplates.transforms.golden.GoldenFile;

/** The golden files of this template, from the class path: other modules run these tests, too. */
final class Golden {

  /** Records in the input that cannot be decoded, and that can but break a rule. */
  static final int UNDECODABLE = 5;

  static final int INVALID = 5;

  /** Records in the input that repeat an earlier one. */
  static final int DUPLICATES = 8;

  static final int RECORDS = 438;

  private Golden() {}

  /** Copies the input into a folder, where a pipeline can read it. */
  static Path inputIn(Path folder) throws IOException {
    return copy("input.jsonl", folder);
  }

  static List<String> inputLines(Path folder) throws IOException {
    return Files.readAllLines(inputIn(folder));
  }

  /** Holds what lies in a folder against the expected final results. */
  static Comparison compare(Path outputs, Path scratch) throws IOException {
    return GoldenFile.read(copy("expected.jsonl", scratch))
        .compare(List.of(outputs), new RealtimeAnalytics().resultKey());
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream in = resource("golden/" + name).openStream()) {
      Files.write(copy, in.readAllBytes());
    }
    return copy;
  }

  /**
   * A resource of this module: where tests of several templates run, others have the same names.
   */
  private static URL resource(String name) throws IOException {
    String thisClass = Golden.class.getSimpleName() + ".class";
    String location = Golden.class.getResource(thisClass).toString();
    String path = Golden.class.getPackageName().replace('.', '/') + "/" + thisClass;
    return new URL(location.substring(0, location.length() - path.length()) + name);
  }
}
