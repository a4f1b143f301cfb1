package org.beamtemplates.transforms.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LocalPathsTest {

  @Test
  void aRelativePathStartsAtTheCurrentDirectory() {
    assertThat(LocalPaths.absolute("data/*.jsonl"))
        .isEqualTo(Path.of("").toAbsolutePath() + "/data/*.jsonl");
  }

  @Test
  void leavesWhatIsAbsoluteOrHasAScheme() {
    assertThat(LocalPaths.absolute("/data/in.jsonl")).isEqualTo("/data/in.jsonl");
    assertThat(LocalPaths.absolute("gs://bucket/data/*")).isEqualTo("gs://bucket/data/*");
    assertThat(LocalPaths.absolute("")).isEmpty();
  }
}
