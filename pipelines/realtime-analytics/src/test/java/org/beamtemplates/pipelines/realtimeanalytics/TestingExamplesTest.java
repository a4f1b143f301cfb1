package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.pipelines.realtimeanalytics.PageEvents.view;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.CrashingRunner;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Count;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.DeadLetterCheck;
import org.beamtemplates.testing.GoldenRun;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Records;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.graph.GraphSnapshot;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.upgrade.PipelineGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One test for each kind of test that there is; docs/testing.md shows them. */
@ExtendWith({TestPipelineExtension.class, KafkaExtension.class})
class TestingExamplesTest {

  @TempDir Path folder;

  @Test
  void rulesAndDecodersAreTestedAlone() throws Exception {
    assertThat(new PageEventRules().complaint(view("1", 0).setLoadTimeMs(-1).build()))
        .hasValueSatisfying(complaint -> assertThat(complaint).contains("loadTimeMs is negative"));

    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    decoder.open();
    PageEvent event =
        decoder.decode(
            Records.ofTopic("page-events", 0)
                .raw("{\"eventId\":\"1\",\"userId\":\"u\",\"page\":\"/\",\"eventTimeMs\":0}"));
    assertThat(event.getCountry()).isEqualTo("ZZ");
  }

  @Test
  void windowsLatenessAndAccountingAreToldAsAStory(TestPipeline pipeline) {
    CaughtDeadLetters dead = new CaughtDeadLetters();
    Panes<String, Long> panes;
    try (DeadLetters deadLetters = DeadLetters.of("my-pipeline", "1.0", dead)) {
      Aggregated<String, PageEvent, Long> views =
          pipeline
              .apply(
                  Scenario.of(PageEvent.class)
                      .withEventTime(PageEvent::getEventTimeMs)
                      .startingAt("2026-03-01T12:00:00Z")
                      .fromTopic("page-events", 1)
                      .events(view("1", 10).build(), view("2", 20).build())
                      .watermarkAt("01:05")
                      .lateEvents(view("3", 30).build())
                      .watermarkAt("07:00")
                      .lateEvents(view("4", 40).build())
                      .thenEnds())
              .apply(
                  "CountViews",
                  WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of())
                      .inFixedWindows(Duration.ofMinutes(1))
                      .withAllowedLateness(Duration.ofMinutes(5))
                      .combining(Count.combineFn()));
      panes =
          Panes.of(views.lateTo(deadLetters, Encoders.json(PageEvent.class)))
              .startingAt("2026-03-01T12:00:00Z");
    }
    PipelineResult result = pipeline.run();

    panes.forKey("DE").inWindow("00:00", "01:00").onTime(2L).late(3L);
    panes.noOthers();

    dead.check()
        .has(
            letter("LATE")
                .stage("aggregate")
                .from(Origin.kafka("page-events", 0, 3))
                .payloadHas("\"eventId\":\"4\"")
                .messageHas("behind the watermark"))
        .noOthers();

    assertAccounting(result)
        .balances()
        .dropsNothing()
        .stage("aggregate")
        .in(4)
        .out(3)
        .late(1)
        .nothingElse();

    DeadLetterCheck.of(dead.letters()).has(1, letter("LATE")).noOthers();
  }

  @Test
  void theWholeTemplateGivesTheGoldenResults() {
    PipelineResult result =
        GoldenRun.of(new RealtimeAnalytics(), getClass())
            .configured(
                (options, input, output) -> {
                  options.setInput(input.toString());
                  options.setOutput(output.toString());
                })
            .runIn(folder);

    assertAccounting(result).balances().stage("ingest").in(438).out(428).dead(10).nothingElse();
  }

  @Test
  void aStreamIsWatchedWhileItRuns(LocalKafka kafka) {
    String topic = "page-events-" + UUID.randomUUID();
    for (String name : List.of(topic, topic + ".out", topic + ".dead-letters")) {
      kafka.createTopic(name, 1);
    }
    kafka.send(List.of(new ProducerRecord<>(topic, "no page event".getBytes(UTF_8))));

    RealtimeAnalyticsOptions options =
        RunningPipeline.options(
            RealtimeAnalyticsOptions.class,
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--inputTopic=" + topic,
            "--inputEncoding=JSON",
            "--startFrom=earliest",
            "--outputTopic=" + topic + ".out",
            "--outputEncoding=JSON");
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);

    try (RunningPipeline job = RunningPipeline.start(pipeline)) {
      job.await(() -> kafka.readAll(topic + ".dead-letters").size() == 1);
      job.await(() -> job.accounting().stage("ingest").dead() == 1);
      assertAccounting(job).balances().dropsNothing();
    }
  }

  @Test
  void theGraphIsTheCommittedOne() {
    RealtimeAnalyticsOptions options =
        PipelineOptionsFactory.fromArgs("--input=in/*.jsonl", "--output=out")
            .as(RealtimeAnalyticsOptions.class);
    options.setRunner(CrashingRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);

    GraphSnapshot.of(getClass(), "files-to-files.txt").holds(PipelineGraph.of(pipeline));
  }

  @Test
  void aUserSeesWhichOptionIsWrong() {
    Launched launched = Launched.of(new RealtimeAnalytics(), "--windowSize=banana");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems()).anyMatch(line -> line.contains("--windowSize"));
  }
}
