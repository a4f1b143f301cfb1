package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.CalendarWindows;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.transforms.windowing.WindowMappingFn;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.AccountingCheck;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.RunnerDependent;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The key of an element is its first letter. */
@ExtendWith(TestPipelineExtension.class)
@Conforms(
    subject = "WindowedAggregation",
    capability = "event-time windows, triggers and late data")
@Tag(Conforms.UNBOUNDED)
@Tag(Conforms.LATE_DATA)
class WindowedAggregationTest {

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void countsByKeyAndWindow(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(strategy),
            story().at("00:05", "a1").at("00:10", "b1").at("00:59", "a2").at("01:00", "a3"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(2L).inWindow("01:00", "02:00").onTime(1L);
    counted.forKey("b").inWindow("00:00", "01:00").onTime(1L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void givesACorrectionForAnElementWithinTheAllowedLateness(
      Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story().at("00:05", "a1").watermarkAt("01:40").late("00:06", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(1L).late(2L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void givesBackAnElementThatComesAfterTheAllowedLateness(
      Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story().at("00:05", "a1").watermarkAt("02:01").late("00:06", "a2").at("02:10", "b1"));

    assertNothingIsLost(pipeline.run()).stage("aggregate").in(3).out(2).late(1).nothingElse();
    counted.forKey("a").inWindow("00:00", "01:00").onTime(1L);
    counted.forKey("b").inWindow("02:00", "03:00").onTime(1L);
    counted.noOthersBut("a2 at 6 for 0-60 behind 121");
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void closesAWindowExactlyWhenBeamDoes(Strategy strategy, TestPipeline pipeline) {
    // The last timestamp of the window is 59.999 s, so that it closes behind 119.999 s.
    Counted counted =
        count(
            pipeline,
            inMinutes(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story()
                .watermarkAt("01:59.999")
                .late("00:05", "a1")
                .watermarkAt("02:00")
                .late("00:05", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").is(1L);
    counted.noOthersBut("a2 at 5 for 0-60 behind 120");
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void dividesAnElementWhoseWindowsAreInPartClosed(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter(strategy)
                .inSlidingWindows(Duration.ofSeconds(60), Duration.ofSeconds(30)),
            story().watermarkAt("01:05").late("00:45", "a1"));

    assertNothingIsLost(pipeline.run()).stage("aggregate").in(2).out(1).late(1).nothingElse();
    counted.forKey("a").inWindow("00:30", "01:30").onTime(1L);
    counted.noOthersBut("a1 at 45 for 0-60 behind 65");
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN")
  void mergesSessionsOfAKey(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter(strategy).inSessions(Duration.ofSeconds(30)),
            story().at("00:00", "a1").at("00:20", "a2").at("00:25", "b1").at("01:00", "a3"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "00:50").onTime(2L).inWindow("01:00", "01:30").onTime(1L);
    counted.forKey("b").inWindow("00:25", "00:55").onTime(1L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN")
  void givesBackAnElementThatIsTooLateForASessionOfItsOwn(
      Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter(strategy).inSessions(Duration.ofSeconds(30)),
            story().at("00:00", "a1").watermarkAt("01:40").late("00:10", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "00:30").onTime(1L);
    counted.noOthersBut("a2 at 10 for 10-40 behind 100");
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void discardsWhatAnEarlierPaneHeld(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(strategy).withAllowedLateness(Duration.ofSeconds(60)).discarding(),
            story().at("00:05", "a1").at("00:06", "a2").watermarkAt("01:40").late("00:07", "a3"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(2L).late(1L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void givesOnePaneForBoundedInputThatNothingIsLateFor(Strategy strategy, TestPipeline pipeline) {
    PCollection<Ingested<String>> elements =
        pipeline
            .apply(
                Create.timestamped(at("a1", 500), at("a2", 5), at("a3", 6))
                    .withCoder(StringUtf8Coder.of()))
            .apply("Ingest", MapElements.via(Unstamped.fn()))
            .setCoder(Ingested.coder(StringUtf8Coder.of()));
    Counted counted = count(elements, inMinutes(strategy));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(2L).inWindow("08:00", "09:00").onTime(1L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void givesAFirstPaneForAKeyThatComesAfterTheEnd(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(strategy).withAllowedLateness(Duration.ofSeconds(60)),
            story()
                .at("00:05", "a1")
                .watermarkAt("01:40")
                .late("00:06", "b1")
                .late("00:07", "b2")
                .late("00:08", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(1L).late(2L);
    counted.forKey("b").inWindow("00:00", "01:00").is(1L).is(2L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void putsAnElementIntoEachOfItsSlidingWindows(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter(strategy)
                .inSlidingWindows(Duration.ofSeconds(50), Duration.ofSeconds(20)),
            story().at("00:45", "a1").at("00:59", "a2").at("01:05", "a3"));

    assertNothingIsLost(pipeline.run()).stage("aggregate").in(8).out(8).nothingElse();
    counted.forKey("a").inWindow("00:00", "00:50").onTime(1L).inWindow("00:20", "01:10").onTime(3L);
    counted.forKey("a").inWindow("00:40", "01:30").onTime(3L).inWindow("01:00", "01:50").onTime(1L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void hasNoWindowForAnElementBetweenSlidingOnes(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter(strategy)
                .inSlidingWindows(Duration.ofSeconds(20), Duration.ofSeconds(60)),
            story().at("00:19", "a1").at("00:20", "a2").at("01:00", "a3"));

    assertNothingIsLost(pipeline.run()).stage("aggregate").in(2).out(2).nothingElse();
    counted.forKey("a").inWindow("00:00", "00:20").onTime(1L).inWindow("01:00", "01:20").onTime(1L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void aggregatesInCalendarWindows(Strategy strategy, TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter(strategy).in(CalendarWindows.days(1)),
            story().at("23:59:59", "a1").at("24:00:00", "a2", "a3"));

    assertNothingIsLost(pipeline.run());
    counted
        .forKey("a")
        .inWindow("00:00", "24:00:00")
        .onTime(1L)
        .inWindow("24:00:00", "48:00:00")
        .onTime(2L);
    counted.noOthers();
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void takesElementsInAnyWindowsAndIsOnTimeForTheStepBehind(
      Strategy strategy, TestPipeline pipeline) {
    PCollection<Ingested<String>> elements =
        pipeline
            .apply(story().at("00:05", "a1").watermarkAt("01:01").at("01:30", "a2").thenEnds())
            .apply("Before", Window.into(FixedWindows.of(org.joda.time.Duration.millis(7))));
    Aggregated<String, String, Long> aggregated =
        elements.apply("Aggregate", inMinutes(strategy).combining(Count.combineFn()));
    Gathered<Long> behind =
        Gathered.of(
            aggregated
                .results()
                .apply(
                    "Behind",
                    Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
                .apply(
                    Combine.globally(Count.<WindowResult<String, Long>>combineFn())
                        .withoutDefaults()));

    assertNothingIsLost(pipeline.run());
    assertThat(behind.elements()).containsExactly(1L, 1L);
  }

  @Tag("processing-time")
  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void givesEarlyPanesOfWhatIsNew(Strategy strategy, TestPipeline pipeline) {
    Counted counted = count(pipeline, early(strategy), earlyStory());

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").early(1L).early(2L).onTime(2L).late(3L);
    counted.forKey("b").inWindow("00:00", "01:00").early(1L).onTime(2L);
    counted.noOthers();
  }

  @Tag("processing-time")
  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "TWO_LEVEL"})
  void givesEarlyPanesThatAddUp(Strategy strategy, TestPipeline pipeline) {
    Counted counted = count(pipeline, early(strategy).discarding(), earlyStory());

    assertNothingIsLost(pipeline.run());
    // The pane at the end would be empty: its revision is left out.
    counted.forKey("a").inWindow("00:00", "01:00").early(1L).early(1L).is(1L);
    counted.forKey("b").inWindow("00:00", "01:00").early(1L).onTime(1L);
    counted.noOthers();
    assertThat(
            counted.panes().all().stream()
                .filter(pane -> pane.timing() == WindowResult.Timing.LATE)
                .map(WindowResult::revision))
        .containsExactly(3L);
  }

  private static WindowedAggregation<String, String> early(Strategy strategy) {
    return inMinutes(strategy)
        .withAllowedLateness(Duration.ofSeconds(60))
        .withEarlyResultsEvery(Duration.ofSeconds(10));
  }

  private static Scenario<String> earlyStory() {
    return story()
        .at("00:05", "a1")
        .processingTimePasses("11s")
        .at("00:06", "a2", "b1")
        .processingTimePasses("11s")
        .processingTimePasses("11s")
        .at("00:07", "b2")
        .watermarkAt("01:40")
        .processingTimePasses("11s")
        .late("00:08", "a3");
  }

  @Test
  void refusesToMergeWindowsByTheBucket(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                count(
                    pipeline,
                    byFirstLetter(Strategy.TWO_LEVEL).in(new SessionsOfOurOwn()),
                    story().at("00:05", "a1")))
        .withMessageContaining("windows that merge cannot be aggregated with Strategy.TWO_LEVEL");
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void refusesKeysThatAreNotAlwaysWrittenAlike(Strategy strategy, TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    WindowedAggregation<Double, String> byNumber =
        WindowedAggregation.<Double, String>by(element -> 0.0, DoubleCoder.of())
            .inFixedWindows(Duration.ofMinutes(1))
            .with(strategy);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                pipeline
                    .apply(story().at("00:05", "a1").thenEnds())
                    .apply(byNumber.combining(Count.combineFn())))
        .withMessageContaining("the key's coder must be deterministic");
  }

  @Test
  void refusesKeysThatAreOnlyEqualAsBytesByTheBucketAlone(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);
    WindowedAggregation<byte[], String> byBytes =
        WindowedAggregation.<byte[], String>by(
                element -> element.getBytes(StandardCharsets.UTF_8), ByteArrayCoder.of())
            .inFixedWindows(Duration.ofMinutes(1));
    PCollection<Ingested<String>> elements = pipeline.apply(story().at("00:05", "a1").thenEnds());

    assertThat(elements.apply("Plain", byBytes.combining(Count.combineFn()))).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                elements.apply(
                    "TwoLevel", byBytes.with(Strategy.TWO_LEVEL).combining(Count.combineFn())))
        .withMessageContaining("looked up by equals");
  }

  @Test
  void saysHowItAggregates() {
    DisplayData shown =
        DisplayData.from(
            byFirstLetter(Strategy.TWO_LEVEL)
                .inFixedWindows(Duration.ofMinutes(1))
                .withBuckets(64)
                .withAllowedLateness(Duration.ofSeconds(5))
                .combining(Count.combineFn()));

    assertThat(shown.items().stream().map(item -> item.getKey() + "=" + item.getValue()))
        .contains("strategy=TWO_LEVEL", "buckets=64", "allowedLateness=PT5S");
  }

  @Test
  void choosesTwoLevelsForWindowsThatDoNotMergeAndForSessionsWhereMapStateWorks() {
    WindowedAggregation<String, String> fixed =
        byFirstLetter().inFixedWindows(Duration.ofMinutes(1));
    WindowedAggregation<String, String> sessions =
        byFirstLetter().inSessions(Duration.ofMinutes(1));

    assertThat(fixed.strategyOn(new MapState(true))).isEqualTo(Strategy.TWO_LEVEL);
    assertThat(sessions.strategyOn(new MapState(true))).isEqualTo(Strategy.TWO_LEVEL);
    assertThat(fixed.strategyOn(new MapState(false))).isEqualTo(Strategy.PLAIN);
    assertThat(sessions.strategyOn(new MapState(false))).isEqualTo(Strategy.PLAIN);
    assertThat(executionOf(sessions, new MapState(true)))
        .isEqualTo("combined in the bundle, then by 128 buckets of keys (TWO_LEVEL)");
    assertThat(executionOf(sessions, new MapState(false)))
        .isEqualTo(
            "Beam's Combine, element by element (PLAIN: test is not known to keep map state)");
  }

  private static String executionOf(
      WindowedAggregation<String, String> aggregation, RunnerCapabilities runner) {
    return ((RunnerDependent) aggregation.combining(Count.combineFn())).executionOn(runner);
  }

  @Test
  void refusesWindowsWithoutALength() {
    assertThatThrownBy(() -> byFirstLetter().inSlidingWindows(Duration.ofSeconds(1), Duration.ZERO))
        .hasMessage("window period must be 1 ms at least, not PT0S");
    assertThatThrownBy(() -> byFirstLetter().inFixedWindows(Duration.ofSeconds(Long.MAX_VALUE)))
        .hasMessageContaining("window size must be 365250 days at most, not PT");
    assertThatThrownBy(() -> byFirstLetter().withEarlyResultsEvery(Duration.ofSeconds(-1)))
        .hasMessage("early results must be 1 ms at least, not PT-1S");
    assertThatThrownBy(
            () -> byFirstLetter().withAllowedLateness(Duration.ofSeconds(Long.MAX_VALUE)))
        .hasMessageContaining("allowed lateness must be 365250 days at most, not PT");
    assertThatThrownBy(() -> byFirstLetter().inFixedWindows(Duration.ZERO))
        .hasMessage("window size must be 1 ms at least, not PT0S");
    assertThatThrownBy(() -> byFirstLetter().withAllowedLateness(Duration.ofSeconds(-1)))
        .hasMessageContaining("allowed lateness must not be negative");
  }

  @Test
  void refusesToAggregateWithoutWindows(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);

    assertThatThrownBy(() -> count(pipeline, byFirstLetter(), story()))
        .hasMessageContaining("the kind of windows is missing");
  }

  /** A runner without an answer of its own. */
  private record MapState(boolean bucketedState) implements RunnerCapabilities {

    @Override
    public boolean appliesTo(PipelineOptions options) {
      return true;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public boolean batchedReading() {
      return false;
    }

    @Override
    public boolean stableInput() {
      return false;
    }

    @Override
    public boolean processingTimeFires() {
      return false;
    }

    @Override
    public boolean unboundedSources() {
      return false;
    }
  }

  /** Merges, or says so. */
  private static final class SessionsOfOurOwn extends WindowFn<Object, IntervalWindow> {

    private static final long serialVersionUID = 1L;

    @Override
    public Collection<IntervalWindow> assignWindows(AssignContext context) {
      return List.of(new IntervalWindow(context.timestamp(), org.joda.time.Duration.millis(1)));
    }

    @Override
    public void mergeWindows(MergeContext context) {
      // Nothing ever touches.
    }

    @Override
    @Deprecated
    public boolean isCompatible(WindowFn<?, ?> other) {
      return other instanceof SessionsOfOurOwn;
    }

    @Override
    public Coder<IntervalWindow> windowCoder() {
      return IntervalWindow.getCoder();
    }

    @Override
    public WindowMappingFn<IntervalWindow> getDefaultWindowMappingFn() {
      throw new UnsupportedOperationException();
    }
  }

  private record Counted(Panes<String, Long> panes, Gathered<LateElement<String>> late) {

    Panes<String, Long>.OfKey forKey(String key) {
      return panes.forKey(key);
    }

    void noOthers() {
      noOthersBut();
    }

    void noOthersBut(String... lateElements) {
      panes.noOthers();
      List<String> shown = late.elements().stream().map(WindowedAggregationTest::showLate).toList();
      assertThat(shown).containsExactlyInAnyOrder(lateElements);
    }
  }

  private static WindowedAggregation<String, String> byFirstLetter() {
    return WindowedAggregation.by(element -> element.substring(0, 1), StringUtf8Coder.of());
  }

  private static WindowedAggregation<String, String> byFirstLetter(Strategy strategy) {
    return byFirstLetter().with(strategy);
  }

  private static WindowedAggregation<String, String> inMinutes(Strategy strategy) {
    return byFirstLetter(strategy).inFixedWindows(Duration.ofMinutes(1));
  }

  private static Scenario<String> story() {
    return Scenario.of(StringUtf8Coder.of());
  }

  private static Counted count(
      TestPipeline pipeline,
      WindowedAggregation<String, String> aggregation,
      Scenario<String> story) {
    return count(
        pipeline.apply(story.thenEndsWithoutCoordinates()).apply(StampWatermark.create()),
        aggregation);
  }

  private static Counted count(
      PCollection<Ingested<String>> elements, WindowedAggregation<String, String> aggregation) {
    Aggregated<String, String, Long> aggregated =
        elements.apply("Aggregate", aggregation.combining(Count.combineFn()));
    return new Counted(Panes.of(aggregated.results()), Gathered.of(aggregated.late()));
  }

  private static String showLate(LateElement<String> late) {
    IntervalWindow window = (IntervalWindow) late.window();
    return late.element().value()
        + " at "
        + late.eventTimeMillis() / 1000
        + " for "
        + window.start().getMillis() / 1000
        + "-"
        + window.end().getMillis() / 1000
        + " behind "
        + late.element().watermarkMillis() / 1000;
  }

  private static AccountingCheck assertNothingIsLost(PipelineResult result) {
    return assertAccounting(result).balances().dropsNothing();
  }

  private static TimestampedValue<String> at(String element, long second) {
    return TimestampedValue.of(element, Instant.ofEpochSecond(second));
  }
}
