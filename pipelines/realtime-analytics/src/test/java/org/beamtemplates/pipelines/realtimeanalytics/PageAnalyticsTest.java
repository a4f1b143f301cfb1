package org.beamtemplates.pipelines.realtimeanalytics;

import static org.beamtemplates.pipelines.realtimeanalytics.PageEvents.view;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.time.Duration;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.testing.AccountingCheck;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.beamtemplates.transforms.record.Origin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Windows of a minute from noon on. */
@ExtendWith(TestPipelineExtension.class)
@Conforms(subject = "realtime-analytics", capability = "its heart, told by a TestStream")
@Tag(Conforms.UNBOUNDED)
@Tag(Conforms.LATE_DATA)
class PageAnalyticsTest {

  private static final PageAnalytics PER_MINUTE =
      PageAnalytics.per(Duration.ofMinutes(1)).withAllowedLateness(Duration.ofMinutes(5));

  private final CaughtDeadLetters dead = new CaughtDeadLetters();

  @Test
  void givesStatisticsPerWindowCategoryAndCountry(TestPipeline pipeline) {
    Panes<String, String> panes =
        analyse(
            pipeline,
            PER_MINUTE,
            story()
                .events(
                    view("1", 1).build(),
                    view("2", 2).setCountry("US").build(),
                    view("3", 3).setCategory("books").build(),
                    view("4", 59).setUserId("user-1").build(),
                    view("5", 60).build()));

    assertAddsUp(pipeline.run());
    panes
        .forKey("shoes DE")
        .inWindow("00:00", "01:00")
        .onTime("2 events, 1 users")
        .inWindow("01:00", "02:00")
        .onTime("1 events, 1 users");
    panes.forKey("shoes US").inWindow("00:00", "01:00").onTime("1 events, 1 users");
    panes.forKey("books DE").inWindow("00:00", "01:00").onTime("1 events, 1 users");
    panes.noOthers();
    dead.check().noOthers();
  }

  @Test
  void countsAnEventOnceHoweverOftenItComes(TestPipeline pipeline) {
    Panes<String, String> panes =
        analyse(
            pipeline,
            PER_MINUTE,
            story()
                .events(view("1", 1).build(), view("1", 1).build())
                .watermarkAt("01:40")
                .lateEvents(view("1", 1).build()));

    assertAddsUp(pipeline.run()).stage("deduplicate").duplicate(2);
    panes.forKey("shoes DE").inWindow("00:00", "01:00").onTime("1 events, 1 users");
    panes.noOthers();
  }

  @Test
  void correctsAResultWithinTheAllowedLateness(TestPipeline pipeline) {
    Panes<String, String> panes =
        analyse(
            pipeline,
            PER_MINUTE,
            story()
                .events(view("1", 1).build())
                .watermarkAt("01:01")
                .lateEvents(view("2", 2).build())
                .watermarkAt("05:59")
                .lateEvents(view("3", 3).build()));

    assertAddsUp(pipeline.run());
    panes
        .forKey("shoes DE")
        .inWindow("00:00", "01:00")
        .onTime("1 events, 1 users")
        .late("2 events, 2 users")
        .late("3 events, 3 users");
    panes.noOthers();
    dead.check().noOthers();
  }

  @Test
  void buriesAnEventThatComesAfterTheAllowedLateness(TestPipeline pipeline) {
    Panes<String, String> panes =
        analyse(
            pipeline,
            PER_MINUTE,
            story()
                .events(view("1", 1).build())
                .watermarkAt("06:00")
                .lateEvents(view("2", 2).build()));

    assertAddsUp(pipeline.run()).stage("aggregate").late(1);
    panes.forKey("shoes DE").inWindow("00:00", "01:00").onTime("1 events, 1 users");
    panes.noOthers();
    dead.check()
        .has(
            letter("LATE")
                .stage("aggregate")
                .from(Origin.kafka("page-events", 0, 1))
                .payloadHas("\"eventId\":\"2\"")
                .window(PageEvents.NOON, PageEvents.NOON + 60_000)
                .where("event time", late -> late.getEventTimeMs() == PageEvents.NOON + 2_000)
                .where("watermark", late -> late.getWatermarkMs() == PageEvents.NOON + 360_000)
                .where("re-encoded", DeadLetter::getReencoded))
        .noOthers();
  }

  @Test
  @Tag("processing-time")
  void givesEarlyResultsOfAnOpenWindow(TestPipeline pipeline) {
    Panes<String, String> panes =
        analyse(
            pipeline,
            PER_MINUTE.withEarlyResultsEvery(Duration.ofSeconds(10)),
            story()
                .events(view("1", 1).build())
                .processingTimePasses("11s")
                .events(view("2", 2).build())
                .processingTimePasses("11s"));

    assertAddsUp(pipeline.run());
    panes
        .forKey("shoes DE")
        .inWindow("00:00", "01:00")
        .early("1 events, 1 users")
        .early("2 events, 2 users")
        .onTime("2 events, 2 users");
    panes.noOthers();
  }

  private static Scenario<PageEvent> story() {
    return Scenario.of(PageEvent.class)
        .withEventTime(PageEvent::getEventTimeMs)
        .startingAt(PageEvents.START)
        .fromTopic("page-events", 1);
  }

  private Panes<String, String> analyse(
      TestPipeline pipeline, PageAnalytics analytics, Scenario<PageEvent> story) {
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      PCollection<PageStatistics> statistics =
          pipeline
              .apply(story.thenEnds())
              .apply("Gather", IngestedBatch.gathered())
              .apply("Analyse", analytics.withDeadLetters(deadLetters));
      return Panes.of(statistics, PageAnalyticsTest::asPane).startingAt(PageEvents.START);
    }
  }

  private static WindowResult<String, String> asPane(PageStatistics statistics) {
    return new WindowResult<>(
        statistics.getCategory() + " " + statistics.getCountry(),
        statistics.getEvents() + " events, " + statistics.getDistinctUsers() + " users",
        statistics.getWindowStartMs(),
        statistics.getWindowEndMs(),
        Timing.valueOf(statistics.getTiming()),
        statistics.getRevision());
  }

  private static AccountingCheck assertAddsUp(PipelineResult result) {
    return assertAccounting(result).balances().dropsNothing();
  }
}
