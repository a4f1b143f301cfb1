package org.beamtemplates.pipelines.deadletterreplay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSetTest {

  @Test
  void holdsWhatWasAddedAndNothingElse() {
    IdSet ids = new IdSet();
    Set<String> model = new HashSet<>();

    // Each third number twice, over several times the room that there is at first.
    for (int number = 0; number < 20_000; number++) {
      String id = "id-" + (number % 3 == 0 ? number / 2 : number);
      assertThat(ids.add(id)).isEqualTo(model.add(id));
    }

    assertThat(ids.size()).isEqualTo(model.size());
    assertThat(model).allMatch(ids::contains);
    for (int number = 20_000; number < 40_000; number++) {
      assertThat(ids.contains("id-" + number)).isFalse();
    }
  }
}
