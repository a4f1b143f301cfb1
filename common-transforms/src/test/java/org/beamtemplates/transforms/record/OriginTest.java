package org.beamtemplates.transforms.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OriginTest {

  @Test
  void showsWhereARecordCanBeFound() {
    assertThat(Origin.kafka("page-events", 3, 1042)).hasToString("page-events-3@1042");
    assertThat(Origin.file("/data/a.jsonl", 7)).hasToString("/data/a.jsonl#7");
    assertThat(Origin.none()).hasToString("(no source)");
  }

  @Test
  void knowsWhetherThereIsASourceToGoBackTo() {
    assertThat(Origin.kafka("t", 0, 0).isKnown()).isTrue();
    assertThat(Origin.file("f", 0).isKnown()).isTrue();
    assertThat(Origin.none().isKnown()).isFalse();
  }

  @Test
  void keepsTheCodesThatElementsInFlightAreWrittenWith() {
    // Changing one breaks every savepoint.
    assertThat(Origin.Type.NONE.code()).isEqualTo(0);
    assertThat(Origin.Type.KAFKA.code()).isEqualTo(1);
    assertThat(Origin.Type.FILE.code()).isEqualTo(2);
    for (Origin.Type type : Origin.Type.values()) {
      assertThat(Origin.Type.ofCode(type.code())).isEqualTo(type);
    }
  }

  @Test
  void refusesACodeOfALaterVersion() {
    assertThatThrownBy(() -> Origin.Type.ofCode(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
  }

  @Test
  void needsASource() {
    assertThatThrownBy(() -> Origin.kafka(null, 0, 0)).isInstanceOf(NullPointerException.class);
  }
}
