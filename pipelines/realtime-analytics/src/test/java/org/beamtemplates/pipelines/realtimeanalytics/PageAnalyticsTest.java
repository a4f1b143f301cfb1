package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.pipelines.realtimeanalytics.PageEvents.afterNoon;
import static org.beamtemplates.pipelines.realtimeanalytics.PageEvents.timed;
import static org.beamtemplates.pipelines.realtimeanalytics.PageEvents.view;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.transforms.aggregate.StampWatermark;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.observe.Accounting;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Windows of a minute from noon on; times are seconds after noon. */
@ExtendWith(TestPipelineExtension.class)
class PageAnalyticsTest implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final PageAnalytics PER_MINUTE =
      PageAnalytics.per(Duration.ofMinutes(1)).withAllowedLateness(Duration.ofMinutes(5));

  @Test
  void givesStatisticsPerWindowCategoryAndCountry(TestPipeline pipeline) {
    Analysed analysed =
        analyse(
            pipeline,
            PER_MINUTE,
            stream()
                .addElements(
                    timed(view("1", 1)),
                    timed(view("2", 2).setCountry("US")),
                    timed(view("3", 3).setCategory("books")),
                    timed(view("4", 59).setUserId("user-1")),
                    timed(view("5", 60)))
                .advanceWatermarkToInfinity());

    PAssert.that(analysed.statistics)
        .containsInAnyOrder(
            "0 shoes DE: 2 events, 1 users ON_TIME 0",
            "0 shoes US: 1 events, 1 users ON_TIME 0",
            "0 books DE: 1 events, 1 users ON_TIME 0",
            "60 shoes DE: 1 events, 1 users ON_TIME 0");
    PAssert.that(analysed.dead).empty();
    assertAddsUp(pipeline.run());
  }

  @Test
  void countsAnEventOnceHoweverOftenItComes(TestPipeline pipeline) {
    Analysed analysed =
        analyse(
            pipeline,
            PER_MINUTE,
            stream()
                .addElements(timed(view("1", 1)), timed(view("1", 1)))
                .advanceWatermarkTo(afterNoon(100))
                .addElements(timed(view("1", 1)))
                .advanceWatermarkToInfinity());

    PAssert.that(analysed.statistics).containsInAnyOrder("0 shoes DE: 1 events, 1 users ON_TIME 0");
    PipelineResult result = pipeline.run();
    assertAddsUp(result);
    assertThat(Accounting.of(result.metrics()).stage("deduplicate").duplicate()).isEqualTo(2);
  }

  @Test
  void correctsAResultWithinTheAllowedLateness(TestPipeline pipeline) {
    Analysed analysed =
        analyse(
            pipeline,
            PER_MINUTE,
            stream()
                .addElements(timed(view("1", 1)))
                .advanceWatermarkTo(afterNoon(61))
                .addElements(timed(view("2", 2)))
                .advanceWatermarkTo(afterNoon(359))
                .addElements(timed(view("3", 3)))
                .advanceWatermarkToInfinity());

    PAssert.that(analysed.statistics)
        .containsInAnyOrder(
            "0 shoes DE: 1 events, 1 users ON_TIME 0",
            "0 shoes DE: 2 events, 2 users LATE 1",
            "0 shoes DE: 3 events, 3 users LATE 2");
    PAssert.that(analysed.dead).empty();
    assertAddsUp(pipeline.run());
  }

  @Test
  void buriesAnEventThatComesAfterTheAllowedLateness(TestPipeline pipeline) {
    Analysed analysed =
        analyse(
            pipeline,
            PER_MINUTE,
            stream()
                .addElements(timed(view("1", 1)))
                .advanceWatermarkTo(afterNoon(360))
                .addElements(timed(view("2", 2)))
                .advanceWatermarkToInfinity());

    PAssert.that(analysed.statistics).containsInAnyOrder("0 shoes DE: 1 events, 1 users ON_TIME 0");
    PAssert.that(analysed.dead)
        .satisfies(
            letters -> {
              List<DeadLetter> all = new ArrayList<>();
              letters.forEach(all::add);
              assertThat(all).hasSize(1);
              DeadLetter letter = all.get(0);
              assertThat(letter.getCategory()).isEqualTo("LATE");
              assertThat(letter.getStage()).isEqualTo("aggregate");
              assertThat(letter.getEventTimeMs()).isEqualTo(PageEvents.NOON + 2_000);
              assertThat(letter.getWindowStartMs()).isEqualTo(PageEvents.NOON);
              assertThat(letter.getWindowEndMs()).isEqualTo(PageEvents.NOON + 60_000);
              assertThat(letter.getWatermarkMs()).isEqualTo(PageEvents.NOON + 360_000);
              assertThat(letter.getReencoded()).isTrue();
              assertThat(UTF_8.decode(letter.getPayload().duplicate()).toString())
                  .contains("\"eventId\":\"2\"");
              return null;
            });
    PipelineResult result = pipeline.run();
    assertAddsUp(result);
    assertThat(Accounting.of(result.metrics()).stage("aggregate").late()).isEqualTo(1);
  }

  @Test
  @Tag("processing-time")
  void givesEarlyResultsOfAnOpenWindow(TestPipeline pipeline) {
    Analysed analysed =
        analyse(
            pipeline,
            PER_MINUTE.withEarlyResultsEvery(Duration.ofSeconds(10)),
            stream()
                .addElements(timed(view("1", 1)))
                .advanceProcessingTime(org.joda.time.Duration.standardSeconds(11))
                .addElements(timed(view("2", 2)))
                .advanceProcessingTime(org.joda.time.Duration.standardSeconds(11))
                .advanceWatermarkToInfinity());

    PAssert.that(analysed.statistics)
        .containsInAnyOrder(
            "0 shoes DE: 1 events, 1 users EARLY 0",
            "0 shoes DE: 2 events, 2 users EARLY 1",
            "0 shoes DE: 2 events, 2 users ON_TIME 2");
    assertAddsUp(pipeline.run());
  }

  private record Analysed(PCollection<String> statistics, PCollection<DeadLetter> dead) {}

  private static TestStream.Builder<PageEvent> stream() {
    return TestStream.create(AvroCoder.of(PageEvent.class)).advanceWatermarkTo(afterNoon(0));
  }

  private static Analysed analyse(
      TestPipeline pipeline, PageAnalytics analytics, TestStream<PageEvent> events) {
    List<PCollection<DeadLetter>> dead = new ArrayList<>();
    PCollection<PageStatistics> statistics;
    try (DeadLetters deadLetters =
        DeadLetters.of(
            "test",
            "1",
            letters -> {
              dead.add(letters);
              return letters;
            })) {
      statistics =
          pipeline
              .apply(events)
              .apply(StampWatermark.create())
              .apply("Analyse", analytics.withDeadLetters(deadLetters));
    }
    return new Analysed(
        statistics.apply(
            "Show", MapElements.into(TypeDescriptors.strings()).via(PageAnalyticsTest::show)),
        dead.get(0));
  }

  private static String show(PageStatistics statistics) {
    return (statistics.getWindowStartMs() - PageEvents.NOON) / 1_000
        + " "
        + statistics.getCategory()
        + " "
        + statistics.getCountry()
        + ": "
        + statistics.getEvents()
        + " events, "
        + statistics.getDistinctUsers()
        + " users "
        + statistics.getTiming()
        + " "
        + statistics.getRevision();
  }

  private static void assertAddsUp(PipelineResult result) {
    assertThat(DroppedElements.of(result)).isZero();
    assertThat(Accounting.of(result.metrics()).balances()).isTrue();
  }
}
