package org.beamtemplates.pipelines.deadletterreplay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void restsTwiceAsLongAfterEachFurtherFailureAndAnHourAtMost() {
    Backoff backoff = new Backoff(Duration.ofMinutes(10));

    assertThat(IntStream.rangeClosed(1, 5).mapToObj(backoff::restAfter))
        .containsExactly(
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofMinutes(40),
            Duration.ofHours(1),
            Duration.ofHours(1));
    assertThat(backoff.restAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void canBeNone() {
    assertThat(new Backoff(Duration.ZERO).restAfter(Integer.MAX_VALUE)).isZero();
  }

  @Test
  void isNeverLongerThanAnHourEvenAtFirst() {
    assertThat(new Backoff(Duration.ofDays(2)).restAfter(1)).isEqualTo(Duration.ofHours(1));
  }
}
