package org.beamtemplates.cli.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenIdsTest {

  @Test
  void anIdIsNewOnce() {
    SeenIds ids = new SeenIds();
    int news = 0;
    for (int round = 0; round < 2; round++) {
      for (int id = 0; id < 100_000; id++) {
        news += ids.add("id-" + id) ? 1 : 0;
      }
    }

    assertThat(news).isEqualTo(100_000);
    assertThat(ids.size()).isEqualTo(100_000);
  }
}
