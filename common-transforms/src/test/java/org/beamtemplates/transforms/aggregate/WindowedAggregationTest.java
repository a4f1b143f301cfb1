package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.AccountingCheck;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The key of an element is its first letter. */
@ExtendWith(TestPipelineExtension.class)
class WindowedAggregationTest {

  @Test
  void countsByKeyAndWindow(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(),
            story().at("00:05", "a1").at("00:10", "b1").at("00:59", "a2").at("01:00", "a3"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(2L).inWindow("01:00", "02:00").onTime(1L);
    counted.forKey("b").inWindow("00:00", "01:00").onTime(1L);
    counted.noOthers();
  }

  @Test
  void givesACorrectionForAnElementWithinTheAllowedLateness(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)),
            story().at("00:05", "a1").watermarkAt("01:40").late("00:06", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(1L).late(2L);
    counted.noOthers();
  }

  @Test
  void givesBackAnElementThatComesAfterTheAllowedLateness(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)),
            story().at("00:05", "a1").watermarkAt("02:01").late("00:06", "a2").at("02:10", "b1"));

    assertNothingIsLost(pipeline.run()).stage("aggregate").in(3).out(2).late(1).nothingElse();
    counted.forKey("a").inWindow("00:00", "01:00").onTime(1L);
    counted.forKey("b").inWindow("02:00", "03:00").onTime(1L);
    counted.noOthersBut("a2 at 6 for 0-60 behind 121");
  }

  @Test
  void closesAWindowExactlyWhenBeamDoes(TestPipeline pipeline) {
    // The last timestamp of the window is 59.999 s, so that it closes behind 119.999 s.
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)),
            story()
                .watermarkAt("01:59.999")
                .late("00:05", "a1")
                .watermarkAt("02:00")
                .late("00:05", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").is(1L);
    counted.noOthersBut("a2 at 5 for 0-60 behind 120");
  }

  @Test
  void dividesAnElementWhoseWindowsAreInPartClosed(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter().inSlidingWindows(Duration.ofSeconds(60), Duration.ofSeconds(30)),
            story().watermarkAt("01:05").late("00:45", "a1"));

    assertNothingIsLost(pipeline.run()).stage("aggregate").in(2).out(1).late(1).nothingElse();
    counted.forKey("a").inWindow("00:30", "01:30").onTime(1L);
    counted.noOthersBut("a1 at 45 for 0-60 behind 65");
  }

  @Test
  void mergesSessionsOfAKey(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter().inSessions(Duration.ofSeconds(30)),
            story().at("00:00", "a1").at("00:20", "a2").at("00:25", "b1").at("01:00", "a3"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "00:50").onTime(2L).inWindow("01:00", "01:30").onTime(1L);
    counted.forKey("b").inWindow("00:25", "00:55").onTime(1L);
    counted.noOthers();
  }

  @Test
  void givesBackAnElementThatIsTooLateForASessionOfItsOwn(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter().inSessions(Duration.ofSeconds(30)),
            story().at("00:00", "a1").watermarkAt("01:40").late("00:10", "a2"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "00:30").onTime(1L);
    counted.noOthersBut("a2 at 10 for 10-40 behind 100");
  }

  @Test
  void discardsWhatAnEarlierPaneHeld(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)).discarding(),
            story().at("00:05", "a1").at("00:06", "a2").watermarkAt("01:40").late("00:07", "a3"));

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(2L).late(1L);
    counted.noOthers();
  }

  @Test
  void givesOnePaneForBoundedInputThatNothingIsLateFor(TestPipeline pipeline) {
    PCollection<Ingested<String>> elements =
        pipeline
            .apply(
                Create.timestamped(at("a1", 500), at("a2", 5), at("a3", 6))
                    .withCoder(StringUtf8Coder.of()))
            .apply("Ingest", MapElements.via(Unstamped.fn()))
            .setCoder(Ingested.coder(StringUtf8Coder.of()));
    Counted counted = count(elements, inMinutes());

    assertNothingIsLost(pipeline.run());
    counted.forKey("a").inWindow("00:00", "01:00").onTime(2L).inWindow("08:00", "09:00").onTime(1L);
    counted.noOthers();
  }

  @Test
  void refusesWindowsWithoutALength() {
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

  private static WindowedAggregation<String, String> inMinutes() {
    return byFirstLetter().inFixedWindows(Duration.ofMinutes(1));
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
