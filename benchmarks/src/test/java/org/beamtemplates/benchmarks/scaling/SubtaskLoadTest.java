package org.beamtemplates.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.beamtemplates.benchmarks.speed.ThreadTimes;
import org.junit.jupiter.api.Test;

class SubtaskLoadTest {

  @Test
  void tellsTheShareOfTheBusierSubtaskBehindTheShuffle() {
    SubtaskLoad load =
        load(
            Map.of(
                "Source: Ingest -> Decode (1/2)#0", seconds(90),
                "Source: Ingest -> Decode (2/2)#0", seconds(1),
                "Sum (1/2)#0", seconds(3),
                "Sum (2/2)#0", seconds(1),
                "LogDeadLetters (1/2)#0", seconds(2),
                "LogDeadLetters (2/2)#0", seconds(0),
                "tally", seconds(200)),
            1_000_000);

    assertThat(load.busiestShare()).hasValue(0.75);
    assertThat(load.busiestMicros()).hasValue(90);
  }

  @Test
  void takesAThreadOfALegacySourceForASource() {
    SubtaskLoad load =
        load(
            Map.of(
                "Legacy Source Thread - Source: payments (1/1)#0", seconds(9),
                "window (1/1)#3", seconds(1)),
            1_000_000);

    assertThat(load.busiestShare()).hasValue(1);
    assertThat(load.busiestMicros()).hasValue(9);
  }

  @Test
  void tellsNothingOfWhatWasNotSeen() {
    SubtaskLoad nothing = load(Map.of(), 0);

    assertThat(nothing.busiestShare()).isEmpty();
    assertThat(nothing.busiestMicros()).isEmpty();
  }

  @Test
  void leavesOutWhatWasUsedBeforeAndAfterTheSteadyState() {
    SteadyThreads threads = new SteadyThreads(1_000);
    threads.see(100, times(seconds(50)));
    threads.see(400, times(seconds(60)));
    threads.see(600, times(seconds(61)));
    threads.see(900, times(seconds(65)));
    threads.see(980, times(seconds(99)));

    assertThat(threads.load().busiestMicros()).hasValue(5e6 / 500);
  }

  private static SubtaskLoad load(Map<String, Duration> times, long records) {
    return SubtaskLoad.of(new ThreadTimes(times), records);
  }

  private static ThreadTimes times(Duration sum) {
    return new ThreadTimes(Map.of("Sum (1/1)#0", sum));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
