package org.beamtemplates.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnOffsetsTest {

  private final OwnOffsets offsets = new OwnOffsets();

  @Test
  void aTopicOfOursHoldsNothingForeign() {
    offsets.add(0, 0);
    offsets.add(1, 0);
    offsets.add(0, 1);
    offsets.end(Map.of(0, 2L, 1, 1L, 2, 0L));

    assertThat(offsets.foreign()).isZero();
    assertThat(offsets.isForeign(0, 1)).isFalse();
  }

  @Test
  void whatLiesBetweenBeforeAndBehindIsForeign() {
    offsets.add(0, 2);
    offsets.add(0, 3);
    offsets.add(0, 6);
    offsets.end(Map.of(0, 8L, 1, 1L));

    assertThat(offsets.foreign()).isEqualTo(2 + 2 + 1 + 1);
    assertThat(offsets.isForeign(0, 1)).isTrue();
    assertThat(offsets.isForeign(0, 2)).isFalse();
    assertThat(offsets.isForeign(0, 4)).isTrue();
    assertThat(offsets.isForeign(0, 6)).isFalse();
    assertThat(offsets.isForeign(0, 7)).isTrue();
    assertThat(offsets.isForeign(1, 0)).isTrue();
  }

  @Test
  void theEndCanBeToldAgain() {
    offsets.end(Map.of(0, 1L));
    offsets.end(Map.of(0, 1L));

    assertThat(offsets.foreign()).isEqualTo(1);
  }
}
