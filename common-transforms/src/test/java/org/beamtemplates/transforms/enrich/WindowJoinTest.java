package org.beamtemplates.transforms.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.enrich.Unjoined.Reason;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Conforms(subject = "WindowJoin", capability = "joins streams by key and window")
@Tag(Conforms.UNBOUNDED)
class WindowJoinTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @Test
  void tellsTheWholeStory() {
    Run run =
        run(
            byLetter()
                .inFixedWindows(Duration.ofMinutes(1))
                .withAllowedLateness(Duration.ofSeconds(30)),
            Scenario.of(StringUtf8Coder.of())
                .at("00:10", "La1")
                .at("00:20", "Ra2", "Rb3")
                .watermarkAt("01:10")
                // In time: the window is open for another 20 seconds.
                .late("00:30", "La4")
                .at("01:15", "Lc5")
                .watermarkAt("01:31")
                .late("00:40", "Lb6")
                .thenEnds());

    assertThat(run.pairValues()).containsExactlyInAnyOrder("La1+Ra2", "La4+Ra2");
    assertThat(run.left()).containsExactlyInAnyOrder("Lc5 UNMATCHED", "Lb6 LATE");
    assertThat(run.right()).containsExactly("Rb3 UNMATCHED");
    assertAccounting(run.result)
        .balances()
        .dropsNothing()
        .stage("join")
        .in(6)
        .out(5)
        .late(1)
        .nothingElse();
  }

  @Test
  void givesAPairOnceForEachWindowThatBothAreIn() {
    Run run =
        run(
            byLetter().inSlidingWindows(Duration.ofSeconds(30), Duration.ofSeconds(10)),
            Scenario.of(StringUtf8Coder.of()).at("00:35", "La1").at("00:45", "Ra2").thenEnds());

    // Both are in the windows that begin at 20 and 30 seconds.
    assertThat(run.pairValues()).containsExactly("La1+Ra2", "La1+Ra2");
    assertThat(run.left()).containsExactly("La1 UNMATCHED");
    assertThat(run.right()).containsExactly("Ra2 UNMATCHED");
  }

  @Test
  void takesTheLaterTimeAndWatermarkAndTheLeftCoordinates() {
    TestStream<Ingested<String>> stream =
        TestStream.create(Ingested.coder(StringUtf8Coder.of()))
            .addElements(
                TimestampedValue.of(
                    new Ingested<>("La1", Origin.kafka("l", 0, 4), 3_000),
                    Instant.ofEpochMilli(9_000)),
                TimestampedValue.of(
                    new Ingested<>("Ra2", Origin.kafka("r", 0, 5), 5_000),
                    Instant.ofEpochMilli(7_000)))
            .advanceWatermarkToInfinity();

    Run run = run(byLetter().inFixedWindows(Duration.ofMinutes(1)), stream);

    assertThat(run.pairs.elements())
        .containsExactly(new Ingested<>("La1+Ra2", Origin.kafka("l", 0, 4), 5_000));
  }

  @Test
  void givesBackWhatIsTooMuch() {
    Run run =
        run(
            byLetter().inFixedWindows(Duration.ofMinutes(1)).withMaxElements(2).named("orders"),
            Scenario.of(StringUtf8Coder.of())
                .at("00:10", "La1")
                .at("00:11", "La2")
                .at("00:12", "La3")
                .at("00:13", "Lb4")
                .at("00:14", "Ra5")
                .thenEnds());

    assertThat(run.pairValues()).containsExactlyInAnyOrder("La1+Ra5", "La2+Ra5");
    assertThat(run.left()).containsExactlyInAnyOrder("La3 SURPLUS", "Lb4 UNMATCHED");
    assertAccounting(run.result)
        .balances()
        .dropsNothing()
        .stage("orders")
        .in(5)
        .out(5)
        .nothingElse();
  }

  @Test
  void readsBackWhatItGives() throws Exception {
    Coder<Ingested<String>> elements = Ingested.coder(StringUtf8Coder.of());
    Coder<Unjoined<String>> unjoined = Unjoined.coder(elements, boundedWindows());
    Coder<Held<String>> held = Held.coder(elements);
    Coder<Side<String, String>> sides = Side.coder(held, held);
    Ingested<String> element = new Ingested<>("a", Origin.kafka("t", 1, 2), 3);
    Map<Reason, Byte> codes =
        Map.of(Reason.UNMATCHED, (byte) 0, Reason.LATE, (byte) 1, Reason.SURPLUS, (byte) 2);
    for (Reason reason : Reason.values()) {
      Unjoined<String> one = new Unjoined<>(element, -4, GlobalWindow.INSTANCE, reason);
      CoderProperties.coderDecodeEncodeEqual(unjoined, one);
      CoderProperties.structuralValueDecodeEncodeEqual(unjoined, one);
      assertThat(CoderUtils.encodeToByteArray(unjoined, one)[0]).isEqualTo(codes.get(reason));
    }
    for (Side<String, String> side :
        List.of(
            Side.<String, String>left(new Held<>(element, 5)),
            Side.<String, String>right(new Held<>(element, 6)))) {
      CoderProperties.coderDecodeEncodeEqual(sides, side);
      CoderProperties.structuralValueDecodeEncodeEqual(sides, side);
    }
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(unjoined, new byte[] {3}))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("no reason has the code 3");
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(sides, new byte[] {2}))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("no side 2");
  }

  @Test
  void refusesWhatCannotWork() {
    assertThatThrownBy(
            () -> byLetter().in(Sessions.withGapDuration(org.joda.time.Duration.millis(1))))
        .hasMessageContaining("windows that merge cannot be joined in");
    assertThatThrownBy(() -> byLetter().withMaxElements(0)).hasMessageContaining("not 0");
    assertThatThrownBy(() -> byLetter().inFixedWindows(Duration.ZERO))
        .hasMessageContaining("window size must be 1 ms at least");
    assertThatThrownBy(() -> byLetter().withAllowedLateness(Duration.ofMillis(-1)))
        .hasMessageContaining("must not be negative");
    assertThatThrownBy(
            () ->
                WindowJoin.by((String l) -> l, (String r) -> r, SerializableCoder.of(String.class)))
        .hasMessageContaining("their coder must be deterministic");
    assertThatThrownBy(() -> run(byLetter(), Scenario.of(StringUtf8Coder.of()).thenEnds()))
        .hasMessageContaining("the kind of windows is missing");
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // any window is one
  private static Coder<org.apache.beam.sdk.transforms.windowing.BoundedWindow> boundedWindows() {
    return (Coder) GlobalWindow.Coder.INSTANCE;
  }

  private static WindowJoin<String, String, String> byLetter() {
    return WindowJoin.by(
        (String left) -> left.substring(1, 2),
        (String right) -> right.substring(1, 2),
        StringUtf8Coder.of());
  }

  private Run run(WindowJoin<String, String, String> join, TestStream<Ingested<String>> stream) {
    PCollection<Ingested<String>> all = pipeline.apply(stream);
    PCollection<Ingested<String>> right =
        all.apply("Right", Filter.by(one -> one.value().startsWith("R")));
    Joined<String, String, String> joined =
        all.apply("Left", Filter.by(one -> one.value().startsWith("L")))
            .apply("Join", join.with(right, (l, r) -> l + "+" + r, StringUtf8Coder.of()));
    Gathered<Ingested<String>> pairs = Gathered.of(joined.pairs());
    Gathered<Unjoined<String>> unjoinedLeft = Gathered.of(joined.left());
    Gathered<Unjoined<String>> unjoinedRight = Gathered.of(joined.right());
    return new Run(pairs, unjoinedLeft, unjoinedRight, pipeline.run());
  }

  private record Run(
      Gathered<Ingested<String>> pairs,
      Gathered<Unjoined<String>> unjoinedLeft,
      Gathered<Unjoined<String>> unjoinedRight,
      PipelineResult result) {

    List<String> pairValues() {
      return pairs.elements().stream().map(Ingested::value).toList();
    }

    List<String> left() {
      return lines(unjoinedLeft);
    }

    List<String> right() {
      return lines(unjoinedRight);
    }

    private static List<String> lines(Gathered<Unjoined<String>> unjoined) {
      return unjoined.elements().stream()
          .map(one -> one.element().value() + " " + one.reason())
          .toList();
    }
  }
}
