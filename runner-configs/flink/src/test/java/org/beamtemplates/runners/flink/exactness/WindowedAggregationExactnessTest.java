package org.beamtemplates.runners.flink.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.aggregate.Deduplication;
import org.beamtemplates.transforms.aggregate.Strategy;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.record.Ingested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that fail and start again from a checkpoint neither lose nor double a record. */
@Timeout(300)
class WindowedAggregationExactnessTest {

  private static final int PER_SECOND = 150;
  private static final int FAILURES = 6;

  /** In the log of a run; {@code -Dexactness.seed} repeats its records and kinds of failures. */
  private final long seed = Long.getLong("exactness.seed", new Random().nextInt(1_000_000));

  @TempDir Path folder;

  /** The short one, for every build. */
  @Test
  void staysExactOverAFailure() {
    Traffic traffic = Traffic.seeded(seed).of(800);
    FailureRun run = FailureRun.of(traffic, 250, 1, Backend.HEAP, folder);

    AggregationRun.of(
            run,
            run.events(),
            aggregation(Windowing.FIXED).with(Strategy.AUTOMATIC).combining(new Ids()))
        .mustGive(Model.of(traffic.all(), Windowing.FIXED));
  }

  @Tag("exactness")
  @ParameterizedTest
  @CsvSource({
    "FIXED, PLAIN, HEAP",
    "SLIDING, PLAIN, ROCKSDB",
    "SESSIONS, PLAIN, HEAP",
    "SESSIONS, PLAIN, ROCKSDB",
    "FIXED, TWO_LEVEL, HEAP",
    "FIXED, TWO_LEVEL, ROCKSDB",
    "SLIDING, TWO_LEVEL, HEAP",
    "SLIDING, TWO_LEVEL, ROCKSDB",
    "SESSIONS, TWO_LEVEL, HEAP",
    "SESSIONS, TWO_LEVEL, ROCKSDB"
  })
  void staysExactOverManyFailures(Windowing windowing, Strategy strategy, Backend backend) {
    Traffic traffic = trafficFor(windowing);
    FailureRun run = FailureRun.of(traffic, PER_SECOND, FAILURES, backend, folder);

    AggregationRun.of(run, run.events(), aggregation(windowing).with(strategy).combining(new Ids()))
        .mustGive(Model.of(traffic.all(), windowing));
  }

  @Tag("exactness")
  @ParameterizedTest
  @CsvSource({
    "FIXED, PLAIN",
    "SESSIONS, PLAIN",
    "FIXED, TWO_LEVEL",
    "SLIDING, TWO_LEVEL",
    "SESSIONS, TWO_LEVEL"
  })
  void staysExactWithEarlyResults(Windowing windowing, Strategy strategy) {
    Traffic traffic = trafficFor(windowing);
    FailureRun run = FailureRun.of(traffic, PER_SECOND, FAILURES, Backend.HEAP, folder);

    AggregationRun.of(
            run,
            run.events(),
            aggregation(windowing)
                .with(strategy)
                .withEarlyResultsEvery(Duration.ofMillis(300))
                .combining(new Ids()))
        .mustGive(Model.of(traffic.all(), windowing));
  }

  @Tag("exactness")
  @ParameterizedTest
  @EnumSource
  void countsADuplicateOnceOverManyFailures(Backend backend) {
    Traffic traffic = Traffic.seeded(seed);
    FailureRun run = FailureRun.of(traffic, PER_SECOND, FAILURES, backend, folder);
    PCollection<Ingested<PageEvent>> unique =
        run.events()
            .apply(
                "Deduplicate",
                Deduplication.by(
                    PageEvent::getEventId, Traffic.LONGEST_WINDOW.plus(Traffic.LATENESS)));

    List<Ingested<PageEvent>> first = Model.withoutDuplicates(traffic.all());
    assertThat(first.size()).isLessThan(traffic.all().size());
    AggregationRun.of(run, unique, aggregation(Windowing.FIXED).combining(new Ids()))
        .mustGive(Model.of(first, Windowing.FIXED));
  }

  private Traffic trafficFor(Windowing windowing) {
    Traffic traffic = Traffic.seeded(seed);
    return windowing == Windowing.SESSIONS ? traffic.forSessions() : traffic;
  }

  private static WindowedAggregation<String, PageEvent> aggregation(Windowing windowing) {
    return windowing
        .of(WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of()))
        .withAllowedLateness(Traffic.LATENESS);
  }
}
