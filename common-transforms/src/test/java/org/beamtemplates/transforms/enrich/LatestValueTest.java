package org.beamtemplates.transforms.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Events are lower case, {@code a1} is one of the key {@code a}; updates are upper case, {@code A1}
 * is one of the same key. They come in one stream, so that a story tells their order.
 */
@Conforms(subject = "LatestValue", capability = "joins with the newest value of a key")
@Tag(Conforms.UNBOUNDED)
class LatestValueTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @ParameterizedTest
  @EnumSource(StateStrategy.class)
  @Tag(Conforms.ARRIVAL_ORDER)
  void joinsWithTheLatestUpdateByEventTimeAndNotByArrival(StateStrategy strategy) {
    Told told =
        tell(
            latest(strategy),
            story()
                .at("00:01", "a1")
                .at("00:20", "A-new")
                .at("00:10", "A-old")
                .at("00:30", "a2", "b1"));

    assertThat(told.events.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1 nothing", "a2 A-new", "b1 nothing");
    assertAccounting(told.result)
        .balances()
        .dropsNothing()
        .stage("latest-value")
        .in(3)
        .out(3)
        .nothingElse();
  }

  @ParameterizedTest
  @EnumSource(StateStrategy.class)
  void takesTheUpdateThatStandsLaterOfTwoAtTheSameTime(StateStrategy strategy) {
    Told told =
        tell(
            latest(strategy),
            story()
                .fromTopic("changes", 2)
                .inPartition(1)
                .at("00:10", "A-of-1")
                .inPartition(0)
                .at("00:10", "A-of-0")
                .at("00:11", "a1"));

    assertThat(told.events.elements()).extracting(Ingested::value).containsExactly("a1 A-of-1");
  }

  @ParameterizedTest
  @EnumSource(StateStrategy.class)
  void forgetsAnUpdateAfterTheTimeToLive(StateStrategy strategy) {
    Told told =
        tell(
            latest(strategy),
            story().at("00:00", "A1", "B1").at("00:40", "a1").at("01:20", "a2", "b1"));

    // An event of the key counts, too.
    assertThat(told.events.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1 A1", "a2 A1", "b1 nothing");
  }

  @ParameterizedTest
  @EnumSource(StateStrategy.class)
  void givesBackWhatComesTooLate(StateStrategy strategy) {
    Told told =
        tell(
            latest(strategy),
            story().at("00:10", "A1").watermarkAt("02:00").late("00:30", "a1", "A2"));

    assertThat(told.events.elements()).isEmpty();
    assertThat(told.lateEvents.elements()).extracting(Ingested::value).containsExactly("a1");
    assertThat(told.lateUpdates.elements()).extracting(Ingested::value).containsExactly("A2");
    assertAccounting(told.result).balances().dropsNothing();
  }

  @Test
  void keepsTheCoordinatesOfTheEvent() {
    Told told = tell(latest(StateStrategy.BUCKETED), story().at("00:10", "A1").at("00:20", "a1"));

    assertThat(told.events.elements())
        .singleElement()
        .satisfies(event -> assertThat(event.origin().offset()).isEqualTo(1));
  }

  @Test
  void makesADeadLetterOfAnEventWithoutUpdate() {
    CaughtDeadLetters dead = new CaughtDeadLetters();
    Built built;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      built =
          build(
              latest(StateStrategy.BUCKETED)
                  .withMisses(MissPolicy.deadLetter())
                  .withDeadLetters(deadLetters, new EnrichmentTest.TextEncoder()),
              story().at("00:10", "A1").at("00:20", "a1", "b1"));
    }
    Told told = built.run();

    assertThat(told.events.elements()).extracting(Ingested::value).containsExactly("a1 A1");
    assertAccounting(told.result).balances().stage("latest-value").in(2).out(1).dead(1);
  }

  @Test
  void leavesAnEventWithoutUpdateOut() {
    Told told =
        tell(
            latest(StateStrategy.BUCKETED).withMisses(MissPolicy.drop()),
            story().at("00:20", "a1"));

    assertThat(told.events.elements()).isEmpty();
    assertAccounting(told.result).balances().stage("latest-value").in(1).filtered(1);
  }

  @Test
  void refusesWhatItCannotDo() {
    PCollection<Ingested<String>> updates =
        pipeline.apply(Create.empty(Ingested.coder(StringUtf8Coder.of())));
    LatestValue<String, String, String> without =
        LatestValue.by(LatestValueTest::key, LatestValueTest::key, StringUtf8Coder.of());

    assertThatIllegalStateException()
        .isThrownBy(() -> without.joining(updates, LatestValueTest::join, StringUtf8Coder.of()))
        .withMessageContaining("rememberedFor(…)");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                without
                    .rememberedFor(Duration.ofMinutes(1))
                    .withMisses(MissPolicy.deadLetter())
                    .joining(updates, LatestValueTest::join, StringUtf8Coder.of()))
        .withMessageContaining("withDeadLetters(…) is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tell(without.rememberedFor(Duration.ZERO), story().at("00:01", "a1")))
        .withMessageContaining("time to live");
  }

  private record Told(
      PipelineResult result,
      Gathered<Ingested<String>> events,
      Gathered<Ingested<String>> lateEvents,
      Gathered<Ingested<String>> lateUpdates) {}

  private record Built(TestPipeline pipeline, Enriched<String, String, String> enriched) {

    Told run() {
      Gathered<Ingested<String>> events = Gathered.of(enriched.events());
      Gathered<Ingested<String>> lateEvents = Gathered.of(enriched.lateEvents());
      Gathered<Ingested<String>> lateUpdates = Gathered.of(enriched.lateUpdates());
      return new Told(pipeline.run(), events, lateEvents, lateUpdates);
    }
  }

  private Told tell(LatestValue<String, String, String> latest, Scenario<String> story) {
    return build(latest, story).run();
  }

  private Built build(LatestValue<String, String, String> latest, Scenario<String> story) {
    TestStream<Ingested<String>> stream = story.thenEnds();
    PCollection<Ingested<String>> all = pipeline.apply(stream);
    PCollection<Ingested<String>> updates =
        all.apply("Updates", Filter.by(one -> Character.isUpperCase(one.value().charAt(0))));
    return new Built(
        pipeline,
        all.apply("Events", Filter.by(one -> Character.isLowerCase(one.value().charAt(0))))
            .apply("Join", latest.joining(updates, LatestValueTest::join, StringUtf8Coder.of())));
  }

  private static Scenario<String> story() {
    return Scenario.of(StringUtf8Coder.of());
  }

  private static LatestValue<String, String, String> latest(StateStrategy strategy) {
    return LatestValue.by(LatestValueTest::key, LatestValueTest::key, StringUtf8Coder.of())
        .rememberedFor(Duration.ofMinutes(1))
        .with(strategy);
  }

  private static String key(String value) {
    return value.substring(0, 1).toLowerCase(Locale.ROOT);
  }

  private static String join(String event, Optional<String> update) {
    return event + " " + update.orElse("nothing");
  }
}
