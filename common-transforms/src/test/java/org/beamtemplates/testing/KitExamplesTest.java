package org.beamtemplates.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.time.Duration;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Template;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the kit's Javadoc compile, and do what they say. */
@ExtendWith(TestPipelineExtension.class)
class KitExamplesTest {

  @Test
  @Tag("processing-time")
  void aScenarioAndItsPanes(TestPipeline pipeline) {
    TestStream<Ingested<String>> stream =
        Scenario.of(StringUtf8Coder.of())
            .at("00:10", "a", "b")
            .watermarkAt("01:05")
            .late("00:20", "a")
            .processingTimePasses("10s")
            .thenEnds();
    PCollection<WindowResult<String, Long>> results =
        pipeline
            .apply(stream)
            .apply(
                WindowedAggregation.by((String value) -> value, StringUtf8Coder.of())
                    .inFixedWindows(Duration.ofMinutes(1))
                    .withAllowedLateness(Duration.ofMinutes(5))
                    .combining(Count.combineFn()))
            .results();

    Panes<String, Long> panes = Panes.of(results);
    pipeline.run();
    panes.forKey("a").inWindow("00:00", "01:00").onTime(1L).late(2L);
    panes.forKey("b").inWindow("00:00", "01:00").onTime(1L);
    panes.noOthers();
  }

  @Test
  void deadLettersThatWereCaughtAndTheAccounting(TestPipeline pipeline) {
    Aggregated<String, PageEvent, Long> views =
        pipeline
            .apply(
                Scenario.of(PageEvent.class)
                    .fromTopic("page-events", 1)
                    .watermarkAt("01:05")
                    .at("01:10", event("1"), event("2"))
                    .late("00:20", event("3"))
                    .thenEnds())
            .apply(
                WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of())
                    .inFixedWindows(Duration.ofMinutes(1))
                    .combining(Count.combineFn()));

    CaughtDeadLetters caught = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("my-pipeline", "1.0", caught)) {
      views.lateTo(deadLetters, Encoders.json(PageEvent.class));
    }
    PipelineResult result = pipeline.run();

    caught.check().has(letter("LATE").stage("aggregate")).noOthers();
    DeadLetterCheck.of(caught.letters())
        .has(
            letter("LATE")
                .stage("aggregate")
                .from(Origin.kafka("page-events", 0, 2))
                .payloadHas("\"3\""))
        .noOthers();
    assertAccounting(result)
        .balances()
        .dropsNothing()
        .stage("aggregate")
        .in(3)
        .out(2)
        .late(1)
        .nothingElse();
  }

  @Test
  void recordsOfASource() throws Exception {
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    decoder.open();

    Records records = Records.ofTopic("page-events", 3).startingAt(42);
    decoder.decode(
        records.raw("{\"eventId\":\"1\",\"userId\":\"u\",\"page\":\"/\",\"eventTimeMs\":0}"));
    Ingested<String> second = records.ingested("a");

    assertThat(second.origin()).hasToString("page-events-3@43");
  }

  @Test
  void aLaunchOfAFakeTemplate() {
    Template<PipelineOptions> sample =
        FakeTemplate.of("sample", PipelineOptions.class)
            .checking((options, problems) -> problems.add("buckets", "must be even"));

    Launched launched = Launched.of(sample);

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems()).anyMatch(line -> line.contains("--buckets"));
  }

  private static PageEvent event(String id) {
    return PageEvent.newBuilder()
        .setEventId(id)
        .setUserId("u")
        .setPage("/")
        .setCountry("DE")
        .setEventTimeMs(0)
        .build();
  }
}
