package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.testing.TestStream.ElementEvent;
import org.apache.beam.sdk.testing.TestStream.ProcessingTimeEvent;
import org.apache.beam.sdk.testing.TestStream.WatermarkEvent;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.LateElement;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class ScenarioTest {

  @Test
  void givesEachRecordItsCoordinatesAndTheWatermarkBeforeIt() {
    TestStream<Ingested<String>> stream =
        texts()
            .startingAt("2026-03-01T12:00:00Z")
            .fromTopic("page-events", 1)
            .at("00:05", "a", "b")
            .watermarkAt("01:05.250")
            .late("00:20", "c")
            .processingTimePasses("10s")
            .at("1:00:00", "d")
            .thenEnds();

    assertThat(told(stream))
        .containsExactly(
            "watermark 2026-03-01T12:00:00.000Z",
            "a page-events-0@0 at 2026-03-01T12:00:05.000Z behind 1772366400000",
            "b page-events-0@1 at 2026-03-01T12:00:05.000Z behind 1772366400000",
            "watermark 2026-03-01T12:01:05.250Z",
            "c page-events-0@2 at 2026-03-01T12:00:20.000Z behind 1772366465250",
            "processing time PT10S",
            "d page-events-0@3 at 2026-03-01T13:00:00.000Z behind 1772366465250",
            "watermark 294247-01-10T04:00:54.775Z");
  }

  @Test
  void showsTheRunnerTheLeastWatermarkOfAllPartitions() {
    TestStream<Ingested<String>> stream =
        texts()
            .fromTopic("t", 2)
            .watermarkAt("02:00")
            .late("00:10", "ahead")
            .inPartition(1)
            .at("00:10", "behind")
            .watermarkAt("01:00")
            .watermarkAt("03:00")
            .thenEnds();

    assertThat(told(stream))
        .containsExactly(
            "watermark 1970-01-01T00:00:00.000Z",
            "ahead t-0@0 at 1970-01-01T00:00:10.000Z behind 120000",
            "behind t-1@0 at 1970-01-01T00:00:10.000Z behind 0",
            "watermark 1970-01-01T00:01:00.000Z",
            "watermark 1970-01-01T00:02:00.000Z",
            "watermark 294247-01-10T04:00:54.775Z");
  }

  @Test
  void tellsTheSameWithoutCoordinates() {
    TestStream<String> stream =
        texts()
            .at("00:05", "a", "b")
            .watermarkAt("01:00")
            .processingTimePasses("1m")
            .late("00:05", "c")
            .thenEndsWithoutCoordinates();

    assertThat(told(stream))
        .containsExactly(
            "watermark 1970-01-01T00:00:00.000Z",
            "a at 1970-01-01T00:00:05.000Z",
            "b at 1970-01-01T00:00:05.000Z",
            "watermark 1970-01-01T00:01:00.000Z",
            "processing time PT60S",
            "c at 1970-01-01T00:00:05.000Z",
            "watermark 294247-01-10T04:00:54.775Z");
  }

  @Test
  void takesTheEventTimeFromTheValues() {
    PageEvent event = event(65_000);
    Scenario<PageEvent> scenario =
        Scenario.of(PageEvent.class).withEventTime(PageEvent::getEventTimeMs);

    TestStream<PageEvent> stream =
        scenario.events(event).watermarkAt("02:00").lateEvents(event).thenEndsWithoutCoordinates();

    assertThat(told(stream))
        .containsExactly(
            "watermark 1970-01-01T00:00:00.000Z",
            event + " at 1970-01-01T00:01:05.000Z",
            "watermark 1970-01-01T00:02:00.000Z",
            event + " at 1970-01-01T00:01:05.000Z",
            "watermark 294247-01-10T04:00:54.775Z");
    assertThatThrownBy(() -> scenario.events(event)).hasMessageContaining("behind the watermark");
    assertThatThrownBy(() -> scenario.lateEvents(event(120_000))).hasMessageContaining("not late");
    assertThatThrownBy(() -> scenario.at("03:00", event)).hasMessageEndingWith("but says 01:05");
    assertThatThrownBy(() -> texts().events("a")).hasMessageStartingWith("withEventTime(…) is");
  }

  @Test
  void refusesAStoryThatIsNotTrue() {
    assertThatThrownBy(() -> texts().watermarkAt("01:05").at("01:04.999", "a"))
        .hasMessage("01:04.999 is behind the watermark, 01:05: say that it is late");
    assertThatThrownBy(() -> texts().watermarkAt("01:05").late("01:05", "a"))
        .hasMessage("01:05 is not late: the watermark is at 01:05");
    assertThatThrownBy(() -> texts().watermarkAt("01:05").watermarkAt("01:00"))
        .hasMessage("the watermark cannot go back from 01:05 to 01:00");
    assertThatThrownBy(() -> texts().inPartition(1)).hasMessageContaining("no partition 1 of 1");
    assertThatThrownBy(() -> texts().at("00:01", "a").startingAt("2026-03-01T12:00:00Z"))
        .hasMessage("startingAt(…) comes before anything happens");
    assertThatThrownBy(() -> texts().fromTopic("t", 2).watermarkAt("01:00").fromTopic("t", 3))
        .hasMessage("fromTopic(…) comes before anything happens");
    assertThatThrownBy(() -> texts().at("00:01")).hasMessage("at least one value must come");
  }

  @Test
  void saysHowToWriteATime() {
    assertThatThrownBy(() -> texts().at("65", "a"))
        .hasMessageStartingWith("\"65\" is no time; write minutes and seconds");
    assertThatThrownBy(() -> texts().at("00:60", "a")).hasMessageContaining("\"00:60\"");
    assertThatThrownBy(() -> texts().startingAt("noon")).hasMessageContaining("\"noon\"");
    assertThatThrownBy(() -> texts().processingTimePasses("10"))
        .hasMessageContaining("has no unit");
  }

  @Test
  void decidesLatenessAsItsPartitionDoes(TestPipeline pipeline) {
    // The windows of the runner are open still when the partition that is ahead has closed them.
    Aggregated<String, String, Long> counted =
        pipeline
            .apply(
                texts()
                    .fromTopic("t", 2)
                    .watermarkAt("02:00")
                    .late("00:10", "ahead")
                    .inPartition(1)
                    .at("00:10", "behind")
                    .thenEnds())
            .apply(
                WindowedAggregation.by((String value) -> "all", StringUtf8Coder.of())
                    .inFixedWindows(Duration.ofMinutes(1))
                    .combining(Count.combineFn()));
    Panes<String, Long> panes = Panes.of(counted.results());
    Gathered<LateElement<String>> late = Gathered.of(counted.late());

    assertAccounting(pipeline.run()).balances().dropsNothing().stage("aggregate").in(2).late(1);
    panes.forKey("all").inWindow("00:00", "01:00").onTime(1L);
    panes.noOthers();
    assertThat(late.elements())
        .singleElement()
        .satisfies(
            element -> assertThat(element.element().origin()).isEqualTo(Origin.kafka("t", 0, 0)));
  }

  private static Scenario<String> texts() {
    return Scenario.of(StringUtf8Coder.of());
  }

  private static PageEvent event(long millis) {
    return PageEvent.newBuilder()
        .setEventId("1")
        .setUserId("u")
        .setPage("/")
        .setEventTimeMs(millis)
        .build();
  }

  private static <T> List<String> told(TestStream<T> stream) {
    List<String> told = new ArrayList<>();
    for (TestStream.Event<T> event : stream.getEvents()) {
      if (event instanceof WatermarkEvent<T> moved) {
        told.add("watermark " + moved.getWatermark());
      } else if (event instanceof ProcessingTimeEvent<T> passed) {
        told.add("processing time " + passed.getProcessingTimeAdvance());
      } else if (event instanceof ElementEvent<T> come) {
        come.getElements().forEach(element -> told.add(show(element)));
      }
    }
    return told;
  }

  private static String show(TimestampedValue<?> element) {
    return element.getValue() instanceof Ingested<?> ingested
        ? ingested.value()
            + " "
            + ingested.origin()
            + " at "
            + element.getTimestamp()
            + " behind "
            + ingested.watermarkMillis()
        : element.getValue() + " at " + element.getTimestamp();
  }
}
