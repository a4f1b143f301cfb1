package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sessions of 30 s, told to Beam's own windows and to ours. The key of an element is its first
 * letter.
 */
@Conforms(subject = "WindowedAggregation", capability = "sessions")
@Tag(Conforms.UNBOUNDED)
@Tag(Conforms.LATE_DATA)
class SessionAggregationTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void mergesSessionsOfAKey(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy),
            story().at("00:00", "a1").at("00:20", "a2").at("00:25", "b1").at("01:00", "a3"));

    told.forKey("a").inWindow("00:00", "00:50").onTime(2L).inWindow("01:00", "01:30").onTime(1L);
    told.forKey("b").inWindow("00:25", "00:55").onTime(1L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void joinsTwoSessionsThatAnElementLiesBetween(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy),
            story().at("00:00", "a1").at("00:40", "a2").at("00:20", "a3").at("02:00", "b1"));

    told.forKey("a").inWindow("00:00", "01:10").onTime(3L);
    told.forKey("b").inWindow("02:00", "02:30").onTime(1L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void keepsSessionsApartThatOnlyMeet(Strategy strategy) {
    Told told = tell(sessions(strategy), story().at("00:00", "a1").at("00:30", "a2"));

    told.forKey("a").inWindow("00:00", "00:30").onTime(1L).inWindow("00:30", "01:00").onTime(1L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void givesBackAnElementThatIsTooLateForASessionOfItsOwn(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy), story().at("00:00", "a1").watermarkAt("01:40").late("00:10", "a2"));

    told.forKey("a").inWindow("00:00", "00:30").onTime(1L);
    told.noOthersBut("a2 for 10-40");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void correctsASessionWithinTheAllowedLateness(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story()
                .at("00:00", "a1")
                .at("00:20", "a2")
                .watermarkAt("01:00")
                .late("00:10", "a3")
                .late("00:12", "a4"));

    told.forKey("a").inWindow("00:00", "00:50").onTime(2L).late(3L).late(4L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void makesANewWindowOfASessionThatBecomesLongerAfterItsPane(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story().at("00:00", "a1").watermarkAt("00:35").late("00:20", "a2"));

    told.forKey("a").inWindow("00:00", "00:30").onTime(1L).inWindow("00:00", "00:50").onTime(2L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void discardsWhatAPaneHeldWhenASessionBecomesLonger(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofSeconds(60)).discarding(),
            story()
                .at("00:00", "a1")
                .watermarkAt("00:35")
                .late("00:20", "a2")
                .late("00:21", "a3")
                .watermarkAt("01:20")
                .late("00:19", "a4"));

    told.forKey("a")
        .inWindow("00:00", "00:30")
        .onTime(1L)
        .inWindow("00:00", "00:51")
        .onTime(2L)
        .late(1L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void givesThePaneOfAnEndedSessionBeforeAnElementMakesItLonger(Strategy strategy) {
    // The first session has ended, and a grid of a second has not come to that yet.
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story().at("00:00.500", "a1").watermarkAt("00:30.600").late("00:29", "a2"));

    told.forKey("a")
        .inWindow("00:00.500", "00:30.500")
        .onTime(1L)
        .inWindow("00:00.500", "00:59")
        .onTime(2L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void neverJoinsASessionThatIsClosed(Strategy strategy) {
    // The second element's own session ends later, so it is not late, but the first is closed.
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofSeconds(10)),
            story().at("00:00.500", "a1").watermarkAt("00:40.600").late("00:25", "a2"));

    told.forKey("a")
        .inWindow("00:00.500", "00:30.500")
        .onTime(1L)
        .inWindow("00:25", "00:55")
        .onTime(1L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void closesASessionExactlyWhenBeamDoes(Strategy strategy) {
    // The last timestamp of the sessions is 29.999 s, so that they close behind 89.999 s.
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story()
                .watermarkAt("01:29.999")
                .late("00:00", "a1")
                .watermarkAt("01:30")
                .late("00:00", "a2"));

    told.forKey("a").inWindow("00:00", "00:30").is(1L);
    told.noOthersBut("a2 for 0-30");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  @Tag("processing-time")
  void givesEarlyPanesOfWhatHasChanged(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy).withEarlyResultsEvery(Duration.ofSeconds(10)),
            story()
                .at("00:00", "a1")
                .processingTimePasses("11s")
                .at("00:00", "a2")
                .processingTimePasses("11s")
                .at("00:10", "a3")
                .processingTimePasses("11s"));

    told.forKey("a")
        .inWindow("00:00", "00:30")
        .early(1L)
        .early(2L)
        .inWindow("00:00", "00:40")
        .early(3L)
        .onTime(3L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  @Tag("processing-time")
  void givesNothingAtTheEndThatAnEarlyPaneHeld(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy)
                .withEarlyResultsEvery(Duration.ofSeconds(10))
                .withAllowedLateness(Duration.ofSeconds(60))
                .discarding(),
            story()
                .at("00:00", "a1")
                .processingTimePasses("11s")
                .watermarkAt("00:40")
                .late("00:00", "a2"));

    told.forKey("a").inWindow("00:00", "00:30").early(1L).is(1L);
    assertThat(told.panes.all())
        .extracting(WindowResult::revision)
        .containsExactlyInAnyOrder(0L, 2L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void givesOnePaneForBoundedInput(Strategy strategy) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<Ingested<String>> elements =
        pipeline
            .apply(
                Create.timestamped(at("a1", 500), at("a2", 5), at("a3", 6))
                    .withCoder(StringUtf8Coder.of()))
            .apply("Ingest", MapElements.via(Unstamped.fn()))
            .setCoder(Ingested.coder(StringUtf8Coder.of()));
    Told told = tell(elements, sessions(strategy));

    told.forKey("a").inWindow("00:05", "00:36").onTime(2L).inWindow("08:20", "08:50").onTime(1L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void comesToAnEndEvenIfNothingIsEverLate(Strategy strategy) {
    Told told =
        tell(
            sessions(strategy).withAllowedLateness(Duration.ofDays(365_250)),
            story().at("00:00", "a1").watermarkAt("00:40").late("00:00", "a2"));

    told.forKey("a").inWindow("00:00", "00:30").onTime(1L).late(2L);
    told.noOthers();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void saysOfAPaneThatNoOtherFollows(Strategy strategy) {
    assertThat(lastOnes(sessions(strategy))).containsExactly(true);
    assertThat(lastOnes(sessions(strategy).withAllowedLateness(Duration.ofSeconds(60))))
        .containsExactly(false);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
  void givesNoResultThatIsLateForWindowsBehind(Strategy strategy) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Scenario<String> story = story();
    for (int second = 0; second < 120; second += 7) {
      story.at(time(second), "a" + second).watermarkAt(time(second + 5) + ".600");
      story.at(time(second + 6), "b" + second);
    }
    Aggregated<String, String, Long> aggregated =
        pipeline
            .apply(story.thenEnds())
            .apply("Aggregate", with7SecondGaps(strategy).combining(Count.combineFn()));
    Gathered<KV<String, Long>> sums =
        Gathered.of(
            aggregated
                .results()
                .apply("Seconds", Window.into(FixedWindows.of(org.joda.time.Duration.millis(500))))
                .apply("Values", MapElements.into(TypeDescriptors.longs()).via(WindowResult::value))
                .apply("Key", WithKeys.of("all"))
                .apply("Sum", Sum.longsPerKey()));

    assertAccounting(pipeline.run()).balances().dropsNothing();
    assertThat(sums.elements().stream().mapToLong(KV::getValue).sum()).isEqualTo(36);
  }

  @Test
  void refusesKeysThatCannotBeDivided() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    PCollection<Ingested<String>> elements = pipeline.apply(story().at("00:00", "1").thenEnds());
    WindowedAggregation<Double, String> byNumber =
        WindowedAggregation.by(Double::valueOf, DoubleCoder.of());

    assertThatThrownBy(
            () ->
                elements.apply(
                    "Aggregate",
                    byNumber
                        .inSessions(Duration.ofSeconds(30))
                        .with(Strategy.TWO_LEVEL)
                        .combining(Count.combineFn())))
        .hasMessageContaining("must be deterministic");
  }

  private static List<Boolean> lastOnes(WindowedAggregation<String, String> aggregation) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    Gathered<WindowResult<String, Long>> results =
        Gathered.of(
            pipeline
                .apply(story().at("00:00", "a1").watermarkAt("00:40").thenEnds())
                .apply("Aggregate", aggregation.combining(Count.combineFn()))
                .results());
    pipeline.run();
    return results.elements().stream().map(WindowResult::last).toList();
  }

  private record Told(Panes<String, Long> panes, Gathered<LateElement<String>> late) {

    Panes<String, Long>.OfKey forKey(String key) {
      return panes.forKey(key);
    }

    void noOthers() {
      noOthersBut();
    }

    void noOthersBut(String... lateElements) {
      panes.noOthers();
      assertThat(late.elements())
          .map(
              one ->
                  one.element().value()
                      + " for "
                      + one.eventTimeMillis() / 1000
                      + "-"
                      + (one.window().maxTimestamp().getMillis() + 1) / 1000)
          .containsExactlyInAnyOrder(lateElements);
    }
  }

  private static Told tell(
      WindowedAggregation<String, String> aggregation, Scenario<String> story) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    return tell(pipeline.apply(story.thenEnds()), aggregation);
  }

  private static Told tell(
      PCollection<Ingested<String>> elements, WindowedAggregation<String, String> aggregation) {
    Aggregated<String, String, Long> aggregated =
        elements.apply("Aggregate", aggregation.combining(Count.combineFn()));
    Told told = new Told(Panes.of(aggregated.results()), Gathered.of(aggregated.late()));
    assertAccounting(elements.getPipeline().run()).balances().dropsNothing();
    return told;
  }

  private static WindowedAggregation<String, String> sessions(Strategy strategy) {
    return byFirstLetter(strategy).inSessions(Duration.ofSeconds(30));
  }

  private static WindowedAggregation<String, String> with7SecondGaps(Strategy strategy) {
    return byFirstLetter(strategy).inSessions(Duration.ofSeconds(7));
  }

  private static WindowedAggregation<String, String> byFirstLetter(Strategy strategy) {
    return WindowedAggregation.<String, String>by(
            element -> element.substring(0, 1), StringUtf8Coder.of())
        .with(strategy);
  }

  private static Scenario<String> story() {
    return Scenario.of(StringUtf8Coder.of());
  }

  private static String time(int second) {
    return String.format("%02d:%02d", second / 60, second % 60);
  }

  private static TimestampedValue<String> at(String element, long second) {
    return TimestampedValue.of(element, Instant.ofEpochSecond(second));
  }
}
