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
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The id of an element is its first two letters; times are seconds since the epoch. */
@ExtendWith(TestPipelineExtension.class)
class DeduplicationTest implements Serializable {

  private static final long serialVersionUID = 1L;

  @Test
  void letsTheFirstOfEachIdPass(TestPipeline pipeline) {
    PCollection<String> unique =
        deduplicate(
            pipeline,
            stream()
                .addElements(at("a1", 5))
                .addElements(at("a1-again", 5), at("b1", 5))
                .addElements(at("a1-once-more", 7))
                .advanceWatermarkToInfinity());

    PAssert.that(unique).containsInAnyOrder("a1", "b1");
    PipelineResult result = pipeline.run();
    assertThat(Accounting.of(result.metrics()).stage("deduplicate"))
        .isEqualTo(new Accounting.Stage("deduplicate", 4, 2, 0, 0, 2, 0));
  }

  @Test
  void remembersAnIdUntilTheWatermarkHasPassedItByTheHorizon(TestPipeline pipeline) {
    PCollection<String> unique =
        deduplicate(
            pipeline,
            stream()
                .addElements(at("a1", 5))
                .advanceWatermarkTo(second(64))
                .addElements(at("a1-within", 5))
                .advanceWatermarkTo(second(66))
                .addElements(at("a1-beyond", 5))
                .advanceWatermarkToInfinity());

    PAssert.that(unique).containsInAnyOrder("a1", "a1-beyond");
    PipelineResult result = pipeline.run();
    assertThat(DroppedElements.of(result)).isZero();
  }

  @Test
  void neverLetsAWindowCountAnIdTwice(TestPipeline pipeline) {
    // Windows of 40 s and 20 s of lateness: forgotten after 60 s, when the window has closed.
    PCollection<Ingested<String>> unique =
        pipeline
            .apply(
                stream()
                    .addElements(at("a1", 39))
                    .advanceWatermarkTo(second(59))
                    .addElements(at("a1-in-time", 39))
                    .advanceWatermarkTo(second(99))
                    .addElements(at("a1-known", 39))
                    .advanceWatermarkTo(second(100))
                    .addElements(at("a1-forgotten", 39))
                    .advanceWatermarkToInfinity())
            .apply(StampWatermark.create())
            .apply(Deduplication.by(id(), Duration.ofSeconds(60)));
    Aggregated<String, String, Long> counted =
        unique.apply(
            WindowedAggregation.by(
                    (String element) -> element.substring(0, 1), StringUtf8Coder.of())
                .inFixedWindows(Duration.ofSeconds(40))
                .withAllowedLateness(Duration.ofSeconds(20))
                .combining(Count.combineFn()));

    PAssert.that(
            counted
                .results()
                .apply("Counts", MapElements.into(TypeDescriptors.longs()).via(r -> r.value())))
        .containsInAnyOrder(1L);
    PAssert.that(
            counted
                .late()
                .apply(
                    "Late",
                    MapElements.into(TypeDescriptors.strings()).via(l -> l.element().value())))
        .containsInAnyOrder("a1-forgotten");
    PipelineResult result = pipeline.run();
    assertThat(DroppedElements.of(result)).isZero();
    assertThat(Accounting.of(result.metrics()).balances()).isTrue();
  }

  @Test
  void doesNotHoldTheWatermarkBack(TestPipeline pipeline) {
    PCollection<Ingested<String>> unique =
        pipeline
            .apply(
                stream()
                    .addElements(at("a1", 5))
                    .advanceWatermarkTo(second(30))
                    .addElements(at("b1", 5))
                    .advanceWatermarkToInfinity())
            .apply(StampWatermark.create())
            .apply(Deduplication.by(id(), Duration.ofHours(1)));
    PCollection<String> timings =
        unique
            .apply(
                WindowedAggregation.by((String element) -> "all", StringUtf8Coder.of())
                    .inFixedWindows(Duration.ofSeconds(10))
                    .withAllowedLateness(Duration.ofMinutes(1))
                    .combining(Count.combineFn()))
            .results()
            .apply(
                MapElements.into(TypeDescriptors.strings())
                    .via(result -> result.timing() + "=" + result.value()));

    // With the watermark held at 5 s, both elements would be in one pane.
    PAssert.that(timings).containsInAnyOrder("ON_TIME=1", "LATE=2");
    pipeline.run();
  }

  @Test
  void refusesAHorizonOfNothing() {
    assertThatThrownBy(() -> Deduplication.by(id(), Duration.ZERO))
        .hasMessageContaining("the horizon must be positive");
  }

  private static SerializableFunction<String, String> id() {
    return element -> element.substring(0, 2);
  }

  private static PCollection<String> deduplicate(TestPipeline pipeline, TestStream<String> stream) {
    return pipeline
        .apply(stream)
        .apply(StampWatermark.create())
        .apply(Deduplication.by(id(), Duration.ofSeconds(60)))
        .apply(MapElements.into(TypeDescriptors.strings()).via(Ingested::value));
  }

  private static TestStream.Builder<String> stream() {
    return TestStream.create(StringUtf8Coder.of()).advanceWatermarkTo(second(0));
  }

  private static TimestampedValue<String> at(String element, long second) {
    return TimestampedValue.of(element, second(second));
  }

  private static Instant second(long second) {
    return Instant.ofEpochSecond(second);
  }
}
