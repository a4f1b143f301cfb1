package org.beamtemplates.runners.flink.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.state.KeyedOutputs;
import org.beamtemplates.transforms.state.KeyedState;
import org.beamtemplates.transforms.state.Transition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * State of a key is moved on once by each event in time, in the order of its partition, however
 * often the job fails. The state counts events: one that was applied twice, or never, shows in the
 * numbers of all that come after it.
 */
@Tag("exactness")
@Timeout(300)
class KeyedStateExactnessTest {

  private static final int PER_SECOND = 150;
  private static final int FAILURES = 6;
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

  private final long seed = Long.getLong("exactness.seed", new Random().nextInt(1_000_000));

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"PLAIN, HEAP", "BUCKETED, HEAP", "BUCKETED, ROCKSDB"})
  void countsEachEventOnceOverManyFailures(StateStrategy strategy, Backend backend) {
    Traffic traffic = Traffic.seeded(seed);
    FailureRun run = FailureRun.of(traffic, PER_SECOND, FAILURES, backend, folder);
    KeyedOutputs<PageEvent, String> numbered =
        run.events()
            .apply(
                "Number",
                KeyedState.by(KeyedStateExactnessTest::key, StringUtf8Coder.of())
                    .expiringAfter(TIME_TO_LIVE)
                    .withAllowedLateness(Traffic.LATENESS)
                    .with(strategy)
                    .applying(
                        (Integer count, PageEvent event, long eventTimeMillis) -> {
                          int number = count == null ? 1 : count + 1;
                          return Transition.to(number, numbered(event, number));
                        },
                        VarIntCoder.of(),
                        StringUtf8Coder.of()));
    Gathered<Ingested<String>> outputs = Gathered.of(run.failing(numbered.outputs()));
    Gathered<Ingested<PageEvent>> late = Gathered.of(numbered.late());
    run.toTheEnd();

    Set<String> expectedLate = new TreeSet<>();
    Set<String> expected = expected(traffic, expectedLate);
    assertThat(expectedLate).as("the stream has late records").isNotEmpty();
    assertThat(
            late.elements().stream()
                .map(element -> element.origin().toString())
                .collect(Collectors.toSet()))
        .isEqualTo(expectedLate);
    assertThat(
            outputs.elements().stream()
                .map(output -> output.origin() + " " + output.value())
                .collect(Collectors.toSet()))
        .isEqualTo(expected);
  }

  /** Works out the outputs of a plain loop over each partition. */
  private static Set<String> expected(Traffic traffic, Set<String> late) {
    Map<String, Integer> counts = new HashMap<>();
    Map<String, Long> lastMillis = new HashMap<>();
    Set<String> expected = new TreeSet<>();
    for (Ingested<PageEvent> element : traffic.all()) {
      PageEvent event = element.value();
      long time = event.getEventTimeMs();
      if (time + Traffic.LATENESS.toMillis() < element.watermarkMillis()) {
        late.add(element.origin().toString());
        continue;
      }
      String key = key(event);
      boolean alive =
          counts.containsKey(key) && time <= lastMillis.get(key) + TIME_TO_LIVE.toMillis();
      int number = alive ? counts.get(key) + 1 : 1;
      counts.put(key, number);
      lastMillis.put(key, alive ? Math.max(lastMillis.get(key), time) : time);
      expected.add(element.origin() + " " + numbered(event, number));
    }
    return expected;
  }

  private static String numbered(PageEvent event, int number) {
    return key(event) + " #" + number;
  }

  /** A key lives in one partition: only there is the order of its events given. */
  private static String key(PageEvent event) {
    String partition = event.getEventId().substring(0, event.getEventId().indexOf('@'));
    return event.getCountry() + " of " + partition;
  }
}
