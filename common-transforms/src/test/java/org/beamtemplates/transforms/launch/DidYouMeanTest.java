package org.beamtemplates.transforms.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {

  private static final List<String> NAMES = List.of("direct", "flink", "dataflow", "inputTopic");

  @Test
  void findsTheNearestName() {
    assertThat(DidYouMean.closest("flnik", NAMES)).contains("flink");
    assertThat(DidYouMean.closest("flinc", NAMES)).contains("flink");
    assertThat(DidYouMean.closest("inputopics", NAMES)).contains("inputTopic");
  }

  @Test
  void caseIsNoDifference() {
    assertThat(DidYouMean.closest("INPUTTOPIC", NAMES)).contains("inputTopic");
  }

  @Test
  void keepsSilentAboutSomethingElse() {
    assertThat(DidYouMean.question("kubernetes", NAMES)).isEmpty();
  }
}
