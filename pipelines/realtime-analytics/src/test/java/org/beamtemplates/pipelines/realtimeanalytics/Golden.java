package org.beamtemplates.pipelines.realtimeanalytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.beamtemplates.testing.GoldenResults;
import org.beamtemplates.transforms.golden.Comparison;

/** What is in the golden files of this template. */
final class Golden {

  /** Records in the input that cannot be decoded, and that can but break a rule. */
  static final int UNDECODABLE = 5;

  static final int INVALID = 5;

  /** Records in the input that repeat an earlier one. */
  static final int DUPLICATES = 8;

  static final int RECORDS = 438;

  /** Final results. */
  static final int RESULTS = 34;

  private Golden() {}

  /** Copies the input into a folder, where a pipeline can read it. */
  static Path inputIn(Path folder) {
    return GoldenResults.copyOf(Golden.class, "input.jsonl", folder);
  }

  static List<String> inputLines(Path folder) throws IOException {
    return Files.readAllLines(inputIn(folder));
  }

  /** Holds what lies in a folder against the expected final results. */
  static void hold(Path outputs) {
    Comparison comparison =
        GoldenResults.of(Golden.class, "expected.jsonl", new RealtimeAnalytics().resultKey())
            .hold(outputs);
    assertThat(comparison.equal()).isEqualTo(RESULTS);
  }
}
