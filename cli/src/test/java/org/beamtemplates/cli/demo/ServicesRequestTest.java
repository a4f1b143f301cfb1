package org.beamtemplates.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServicesRequestTest {

  @Test
  void topicsHaveOnePartitionUnlessItIsSaid() {
    assertThat(ServicesRequest.topics(List.of("a", "b.c-d_e:4")))
        .hasSize(2)
        .containsEntry("a", 1)
        .containsEntry("b.c-d_e", 4);
  }

  @Test
  void whatIsNoTopicIsRefused() {
    for (String word : List.of("", "a b", "a:0", "a:x", "a:1001", "a:1:2", ":3")) {
      assertThatThrownBy(() -> ServicesRequest.topics(List.of(word)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("--topics has \"" + word + "\"; allowed are ");
    }
    assertThatThrownBy(() -> ServicesRequest.topics(List.of("a", "a:2")))
        .hasMessage("--topics names a twice");
  }
}
