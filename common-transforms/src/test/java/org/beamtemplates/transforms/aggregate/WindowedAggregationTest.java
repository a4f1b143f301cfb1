package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The key of an element is its first letter; times are seconds since the epoch. */
@ExtendWith(TestPipelineExtension.class)
class WindowedAggregationTest implements Serializable {

  private static final long serialVersionUID = 1L;

  @Test
  void countsByKeyAndWindow(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes(),
            stream()
                .addElements(at("a1", 5), at("b1", 10), at("a2", 59), at("a3", 60))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes)
        .containsInAnyOrder(
            "a 0-60 = 2 ON_TIME 0", "b 0-60 = 1 ON_TIME 0", "a 60-120 = 1 ON_TIME 0");
    PAssert.that(counted.late).empty();
    assertNothingIsLost(pipeline.run());
  }

  @Test
  void givesACorrectionForAnElementWithinTheAllowedLateness(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)),
            stream()
                .addElements(at("a1", 5))
                .advanceWatermarkTo(second(100))
                .addElements(at("a2", 6))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes).containsInAnyOrder("a 0-60 = 1 ON_TIME 0", "a 0-60 = 2 LATE 1");
    PAssert.that(counted.late).empty();
    assertNothingIsLost(pipeline.run());
  }

  @Test
  void givesBackAnElementThatComesAfterTheAllowedLateness(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)),
            stream()
                .addElements(at("a1", 5))
                .advanceWatermarkTo(second(121))
                .addElements(at("a2", 6), at("b1", 130))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes)
        .containsInAnyOrder("a 0-60 = 1 ON_TIME 0", "b 120-180 = 1 ON_TIME 0");
    PAssert.that(counted.late).containsInAnyOrder("a2 at 6 for 0-60 behind 121");

    PipelineResult result = pipeline.run();
    assertNothingIsLost(result);
    assertThat(Accounting.of(result.metrics()).stage("aggregate"))
        .isEqualTo(new Accounting.Stage("aggregate", 3, 2, 0, 0, 0, 1));
  }

  @Test
  void closesAWindowExactlyWhenBeamDoes(TestPipeline pipeline) {
    // The last timestamp of the window is 59.999 s, so that it closes behind 119.999 s.
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)),
            stream()
                .advanceWatermarkTo(Instant.ofEpochMilli(119_999))
                .addElements(at("a1", 5))
                .advanceWatermarkTo(Instant.ofEpochMilli(120_000))
                .addElements(at("a2", 5))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes)
        .satisfies(
            panes -> {
              assertThat(panes).hasSize(1).first().asString().startsWith("a 0-60 = 1 ");
              return null;
            });
    PAssert.that(counted.late).containsInAnyOrder("a2 at 5 for 0-60 behind 120");
    assertNothingIsLost(pipeline.run());
  }

  @Test
  void dividesAnElementWhoseWindowsAreInPartClosed(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter().inSlidingWindows(Duration.ofSeconds(60), Duration.ofSeconds(30)),
            stream()
                .advanceWatermarkTo(second(65))
                .addElements(at("a1", 45))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes).containsInAnyOrder("a 30-90 = 1 ON_TIME 0");
    PAssert.that(counted.late).containsInAnyOrder("a1 at 45 for 0-60 behind 65");
    PipelineResult result = pipeline.run();
    assertNothingIsLost(result);
    assertThat(Accounting.of(result.metrics()).stage("aggregate"))
        .isEqualTo(new Accounting.Stage("aggregate", 2, 1, 0, 0, 0, 1));
  }

  @Test
  void mergesSessionsOfAKey(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter().inSessions(Duration.ofSeconds(30)),
            stream()
                .addElements(at("a1", 0), at("a2", 20), at("b1", 25), at("a3", 60))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes)
        .containsInAnyOrder(
            "a 0-50 = 2 ON_TIME 0", "b 25-55 = 1 ON_TIME 0", "a 60-90 = 1 ON_TIME 0");
    assertNothingIsLost(pipeline.run());
  }

  @Test
  void givesBackAnElementThatIsTooLateForASessionOfItsOwn(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            byFirstLetter().inSessions(Duration.ofSeconds(30)),
            stream()
                .addElements(at("a1", 0))
                .advanceWatermarkTo(second(100))
                .addElements(at("a2", 10))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes).containsInAnyOrder("a 0-30 = 1 ON_TIME 0");
    PAssert.that(counted.late).containsInAnyOrder("a2 at 10 for 10-40 behind 100");
    assertNothingIsLost(pipeline.run());
  }

  @Test
  void discardsWhatAnEarlierPaneHeld(TestPipeline pipeline) {
    Counted counted =
        count(
            pipeline,
            inMinutes().withAllowedLateness(Duration.ofSeconds(60)).discarding(),
            stream()
                .addElements(at("a1", 5), at("a2", 6))
                .advanceWatermarkTo(second(100))
                .addElements(at("a3", 7))
                .advanceWatermarkToInfinity());

    PAssert.that(counted.panes).containsInAnyOrder("a 0-60 = 2 ON_TIME 0", "a 0-60 = 1 LATE 1");
    assertNothingIsLost(pipeline.run());
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

    PAssert.that(counted.panes)
        .containsInAnyOrder("a 0-60 = 2 ON_TIME 0", "a 480-540 = 1 ON_TIME 0");
    PAssert.that(counted.late).empty();
    assertNothingIsLost(pipeline.run());
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

    assertThatThrownBy(
            () -> count(pipeline, byFirstLetter(), stream().advanceWatermarkToInfinity()))
        .hasMessageContaining("the kind of windows is missing");
  }

  private record Counted(PCollection<String> panes, PCollection<String> late) {}

  private static WindowedAggregation<String, String> byFirstLetter() {
    return WindowedAggregation.by(element -> element.substring(0, 1), StringUtf8Coder.of());
  }

  private static WindowedAggregation<String, String> inMinutes() {
    return byFirstLetter().inFixedWindows(Duration.ofMinutes(1));
  }

  private static TestStream.Builder<String> stream() {
    return TestStream.create(StringUtf8Coder.of()).advanceWatermarkTo(second(0));
  }

  private static Counted count(
      TestPipeline pipeline,
      WindowedAggregation<String, String> aggregation,
      TestStream<String> stream) {
    return count(pipeline.apply(stream).apply(StampWatermark.create()), aggregation);
  }

  private static Counted count(
      PCollection<Ingested<String>> elements, WindowedAggregation<String, String> aggregation) {
    Aggregated<String, String, Long> aggregated =
        elements.apply("Aggregate", aggregation.combining(Count.combineFn()));
    return new Counted(
        aggregated
            .results()
            .apply(
                "ShowPanes",
                MapElements.into(TypeDescriptors.strings()).via(WindowedAggregationTest::show)),
        aggregated
            .late()
            .apply(
                "ShowLate",
                MapElements.into(TypeDescriptors.strings())
                    .via(WindowedAggregationTest::showLate)));
  }

  private static String show(WindowResult<String, Long> pane) {
    return pane.key()
        + " "
        + pane.windowStartMillis() / 1000
        + "-"
        + pane.windowEndMillis() / 1000
        + " = "
        + pane.value()
        + " "
        + pane.timing()
        + " "
        + pane.revision();
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

  private static void assertNothingIsLost(PipelineResult result) {
    assertThat(DroppedElements.of(result)).isZero();
    assertThat(Accounting.of(result.metrics()).balances()).isTrue();
  }

  private static TimestampedValue<String> at(String element, long second) {
    return TimestampedValue.of(element, second(second));
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }
}
