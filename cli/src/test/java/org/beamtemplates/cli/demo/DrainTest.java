package org.beamtemplates.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.beamtemplates.cli.demo.Snapshot.DeadLetterCount;
import org.beamtemplates.cli.demo.Snapshot.Job;
import org.beamtemplates.cli.demo.Snapshot.Store;
import org.beamtemplates.transforms.demo.Sent;
import org.junit.jupiter.api.Test;

class DrainTest {

  private static final Sent SENT =
      new Sent(100, 95, 0, 0, 5, Map.of(), Map.of("LATE", 5L), Map.of("a", 95L));

  private final Drain drain = new Drain(0);

  @Test
  void itIsOverWhenAllIsThere() {
    assertThat(drain.isOver(0, snapshot(100, 5, Map.of("a", 95L)))).isTrue();
  }

  @Test
  void itWaitsForRecordsForDeadLettersAndForResults() {
    assertThat(drain.isOver(0, snapshot(99, 5, Map.of("a", 95L)))).isFalse();
    assertThat(drain.isOver(0, snapshot(100, 4, Map.of("a", 95L)))).isFalse();
    assertThat(drain.isOver(0, snapshot(100, 5, Map.of("a", 94L)))).isFalse();
  }

  @Test
  void aStandstillIsWaitedForHalfAMinute() {
    Snapshot standing = snapshot(50, 2, Map.of());

    assertThat(drain.isOver(seconds(10), standing)).isFalse();
    assertThat(drain.isOver(seconds(39), standing)).isFalse();
    assertThat(drain.isOver(seconds(41), standing)).isTrue();
  }

  @Test
  void aJobThatHasReadNothingYetIsWaitedForFiveMinutes() {
    Snapshot starting = snapshot(0, 0, Map.of());

    assertThat(drain.isOver(seconds(299), starting)).isFalse();
    assertThat(drain.isOver(seconds(320), starting)).isFalse();
    assertThat(drain.isOver(seconds(331), starting)).isTrue();
  }

  @Test
  void readingIsWaitedForAsLongAsItGoesOn() {
    for (int read = 0; read < 99; read++) {
      assertThat(drain.isOver(seconds(read * 20L), snapshot(read, 0, Map.of()))).isFalse();
    }
  }

  @Test
  void resultsThatNeverBecomeRightAreWaitedForAMinuteAndAHalf() {
    for (int second = 0; second <= 90; second++) {
      assertThat(drain.isOver(seconds(second), snapshot(100, 5, Map.of("a", second + 1L))))
          .isFalse();
    }
    assertThat(drain.isOver(seconds(91), snapshot(100, 5, Map.of("a", 1_000L)))).isTrue();
  }

  private static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private static Snapshot snapshot(long read, long letters, Map<String, Long> stored) {
    return new Snapshot(
        "",
        "",
        1,
        SENT,
        0,
        new Job(true, read, 0, 0, 0, 0),
        Duration.ZERO,
        new Store(List.of(), List.of(), stored),
        new TreeMap<>(Map.of("LATE", new DeadLetterCount(letters, "", "", ""))),
        List.of());
  }
}
