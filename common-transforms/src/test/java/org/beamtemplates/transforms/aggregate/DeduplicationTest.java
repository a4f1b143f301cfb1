package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.record.Ingested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The id of an element is its first two letters. */
@ExtendWith(TestPipelineExtension.class)
@Conforms(subject = "Deduplication", capability = "drops what comes twice")
@Tag(Conforms.UNBOUNDED)
class DeduplicationTest {

  @ParameterizedTest
  @EnumSource
  void letsTheFirstOfEachIdPass(StateStrategy strategy, TestPipeline pipeline) {
    Gathered<Ingested<String>> unique =
        Gathered.of(
            deduplicate(
                pipeline,
                strategy,
                Duration.ofSeconds(60),
                story()
                    .at("00:05", "a1")
                    .at("00:05", "a1-again", "b1")
                    .at("00:07", "a1-once-more")));

    assertAccounting(pipeline.run()).stage("deduplicate").in(4).out(2).duplicate(2).nothingElse();
    assertThat(unique.elements()).extracting(Ingested::value).containsExactlyInAnyOrder("a1", "b1");
  }

  @ParameterizedTest
  @EnumSource
  void remembersAnIdUntilTheWatermarkHasPassedItByTheHorizon(
      StateStrategy strategy, TestPipeline pipeline) {
    Gathered<Ingested<String>> unique =
        Gathered.of(
            deduplicate(
                pipeline,
                strategy,
                Duration.ofSeconds(60),
                story()
                    .at("00:05", "a1")
                    .watermarkAt("01:04")
                    .late("00:05", "a1-within")
                    .watermarkAt("01:06")
                    .late("00:05", "a1-beyond")));

    assertAccounting(pipeline.run()).dropsNothing();
    assertThat(unique.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1", "a1-beyond");
  }

  @ParameterizedTest
  @EnumSource
  void neverLetsAWindowCountAnIdTwice(StateStrategy strategy, TestPipeline pipeline) {
    // Windows of 40 s and 20 s of lateness: forgotten after 60 s, when the window has closed.
    Aggregated<String, String, Long> counted =
        deduplicate(
                pipeline,
                strategy,
                Duration.ofSeconds(60),
                story()
                    .at("00:39", "a1")
                    .watermarkAt("00:59")
                    .late("00:39", "a1-in-time")
                    .watermarkAt("01:39")
                    .late("00:39", "a1-known")
                    .watermarkAt("01:40")
                    .late("00:39", "a1-forgotten"))
            .apply(
                WindowedAggregation.by(
                        (String element) -> element.substring(0, 1), StringUtf8Coder.of())
                    .inFixedWindows(Duration.ofSeconds(40))
                    .withAllowedLateness(Duration.ofSeconds(20))
                    .combining(Count.combineFn()));
    Panes<String, Long> panes = Panes.of(counted.results());
    Gathered<LateElement<String>> late = Gathered.of(counted.late());

    assertAccounting(pipeline.run()).balances().dropsNothing();
    panes.forKey("a").inWindow("00:00", "00:40").onTime(1L);
    panes.noOthers();
    assertThat(late.elements())
        .extracting(element -> element.element().value())
        .containsExactly("a1-forgotten");
  }

  @ParameterizedTest
  @EnumSource
  void doesNotHoldTheWatermarkBack(StateStrategy strategy, TestPipeline pipeline) {
    Panes<String, Long> panes =
        Panes.of(
            deduplicate(
                    pipeline,
                    strategy,
                    Duration.ofHours(1),
                    story().at("00:05", "a1").watermarkAt("00:30").late("00:05", "b1"))
                .apply(
                    WindowedAggregation.by((String element) -> "all", StringUtf8Coder.of())
                        .inFixedWindows(Duration.ofSeconds(10))
                        .withAllowedLateness(Duration.ofMinutes(1))
                        .combining(Count.combineFn()))
                .results());

    pipeline.run();
    // With the watermark held at 5 s, both elements would be in one pane.
    panes.forKey("all").inWindow("00:00", "00:10").onTime(1L).late(2L);
    panes.noOthers();
  }

  @Test
  void refusesAHorizonOfNothing() {
    assertThatThrownBy(() -> Deduplication.by(id(), Duration.ZERO))
        .hasMessageContaining("the horizon must be positive");
  }

  private static SerializableFunction<String, String> id() {
    return element -> element.substring(0, 2);
  }

  private static Scenario<String> story() {
    return Scenario.of(StringUtf8Coder.of());
  }

  private static PCollection<Ingested<String>> deduplicate(
      TestPipeline pipeline, StateStrategy strategy, Duration horizon, Scenario<String> story) {
    return pipeline.apply(story.thenEnds()).apply(Deduplication.by(id(), horizon).with(strategy));
  }
}
