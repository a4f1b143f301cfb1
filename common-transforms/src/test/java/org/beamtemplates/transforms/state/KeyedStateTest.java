package org.beamtemplates.transforms.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.KeyMetrics;
import org.beamtemplates.testing.Panes;
import org.beamtemplates.testing.Records;
import org.beamtemplates.testing.Scenario;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.bucket.BucketedEvents;
import org.beamtemplates.transforms.bucket.StateStrategy;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.Replay;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The key of an event is its first letter. */
@Conforms(subject = "KeyedState", capability = "state and timers of each key")
@Tag(Conforms.UNBOUNDED)
class KeyedStateTest {

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);

  @ParameterizedTest
  @EnumSource
  void appliesEventsOfAKeyInTheOrderOfABundle(StateStrategy strategy) {
    Gathered<Ingested<String>> outputs =
        Gathered.of(
            apply(strategy, story().at("00:05", "a1", "b1", "a2").at("00:03", "a3", "a4"))
                .outputs());

    assertAccounting(pipeline.run()).stage("state").in(5).out(5).nothingElse();
    assertThat(outputs.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1", "b1", "a1 a2", "a1 a2 a3", "a2 a3 a4");
  }

  @ParameterizedTest
  @EnumSource
  void expiresByEventTimesAndNotByTheWatermark(StateStrategy strategy) {
    // The watermark stays where it is: no timer fires.
    Gathered<Ingested<String>> outputs =
        Gathered.of(
            apply(strategy, story().at("00:05", "a1", "b1").at("01:05", "a2").at("01:06", "b2"))
                .outputs());

    pipeline.run();
    assertThat(outputs.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1", "b1", "a1 a2", "b2");
  }

  @ParameterizedTest
  @EnumSource
  void reclaimsWhatNoEventInTimeCanSeeAndNothingElse(StateStrategy strategy) {
    // a1 can be seen until 01:25, in time until 01:45; k1, in its bucket, is swept before.
    Gathered<Ingested<String>> outputs =
        Gathered.of(
            pipeline
                .apply(
                    story()
                        .at("00:00", "k1")
                        .at("00:25", "a1")
                        .watermarkAt("01:45")
                        .late("01:25", "a2")
                        .at("01:45", "b1")
                        .watermarkAt("03:21")
                        .at("03:21", "b2")
                        .thenEnds())
                .apply(
                    forAMinute(strategy)
                        .withAllowedLateness(Duration.ofSeconds(20))
                        .withBuckets(4)
                        .applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()))
                .outputs());

    PipelineResult result = pipeline.run();
    assertThat(outputs.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("k1", "a1", "a1 a2", "b1", "b2");
    // b1 had been swept away when b2 came, so that b was remembered anew.
    assertThat(KeyMetrics.remembered(result, "state")).isEqualTo(4);
    assertThat(KeyMetrics.forgotten(result, "state")).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void givesLateEventsBackUntouched(StateStrategy strategy) {
    CaughtDeadLetters dead = new CaughtDeadLetters();
    Gathered<Ingested<String>> outputs;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      outputs =
          Gathered.of(
              pipeline
                  .apply(
                      story()
                          .at("00:05", "a1")
                          .watermarkAt("00:30")
                          .late("00:10", "a2")
                          .late("00:09", "a3")
                          .late("00:12", "a4")
                          .thenEnds())
                  .apply(
                      forAMinute(strategy)
                          .withAllowedLateness(Duration.ofSeconds(20))
                          .applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()))
                  .lateTo(deadLetters, new KeyedStatePropertyTest.TextEncoder()));
    }

    assertAccounting(pipeline.run())
        .dropsNothing()
        .stage("state")
        .in(4)
        .out(3)
        .late(1)
        .nothingElse();
    assertThat(outputs.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1", "a1 a2", "a1 a2 a4");
    dead.check()
        .has(
            letter("LATE")
                .stage("state")
                .from(Origin.kafka("scenario", 0, 2))
                .messageHas("behind the watermark by 21000 ms")
                .where("watermark", one -> one.getWatermarkMs() == 30_000)
                .where("replayable", DeadLetter::getReplayable))
        .noOthers();
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheStoryOfAReplayThatTheFunctionFailsForAgain(StateStrategy strategy) {
    Origin replayed = Origin.kafka("t", 1, 42).replayed(new Replay("id-before", 2, 1_234));
    CaughtDeadLetters dead = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      pipeline
          .apply(
              Create.of(Ingested.of("a#", replayed))
                  .withCoder(Ingested.coder(StringUtf8Coder.of())))
          .apply(
              forAMinute(strategy)
                  .withDeadLetters(deadLetters, new NoBsEncoder())
                  .applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()));
    }
    pipeline.run();

    dead.check()
        .has(
            letter("PROCESS")
                .from(Origin.kafka("t", 1, 42))
                .where("second attempt", one -> one.getAttempts() == 2)
                .where("the letter before", one -> "id-before".equals(one.getPreviousId()))
                .where("first failure", one -> one.getFirstFailureMs() == 1_234))
        .noOthers();
  }

  @ParameterizedTest
  @EnumSource
  void buriesAnEventThatTheFunctionFailsForAndKeepsTheState(StateStrategy strategy) {
    CaughtDeadLetters dead = new CaughtDeadLetters();
    Gathered<Ingested<String>> outputs;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      outputs =
          Gathered.of(
              pipeline
                  .apply(story().at("00:05", "a1", "a2#", "a3", "b#").thenEnds())
                  .apply(
                      forAMinute(strategy)
                          .withDeadLetters(deadLetters, new NoBsEncoder())
                          .applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()))
                  .outputs());
    }

    assertAccounting(pipeline.run()).stage("state").in(4).out(2).dead(2).nothingElse();
    assertThat(outputs.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1", "a1 a3");
    dead.check()
        .has(
            letter("PROCESS")
                .stage("state")
                .from(Origin.kafka("scenario", 0, 1))
                .messageHas("cannot bear a2#")
                .where("payload", one -> one.getPayloadSize() == 3)
                .where("replayable", DeadLetter::getReplayable))
        .has(
            letter("PROCESS")
                .from(Origin.kafka("scenario", 0, 3))
                .where("not replayable", one -> !one.getReplayable()))
        .noOthers();
  }

  @ParameterizedTest
  @EnumSource
  void letsAFailureOfTheFunctionPassWithoutDeadLetters(StateStrategy strategy) {
    apply(strategy, story().at("00:05", "a#"));

    assertThatThrownBy(pipeline::run).hasStackTraceContaining("cannot bear a#");
  }

  @ParameterizedTest
  @EnumSource
  void doesNotHoldTheWatermarkBackAndMakesNothingLateBehindIt(StateStrategy strategy) {
    Panes<String, Long> panes =
        Panes.of(
            apply(
                    strategy,
                    story().at("00:05", "a1", "b1").watermarkAt("00:30").late("00:06", "a2"))
                .outputs()
                .apply(
                    WindowedAggregation.by((String any) -> "all", StringUtf8Coder.of())
                        .inFixedWindows(Duration.ofSeconds(10))
                        .withAllowedLateness(Duration.ofMinutes(1))
                        .combining(Count.combineFn()))
                .results());

    assertAccounting(pipeline.run()).dropsNothing();
    panes.forKey("all").inWindow("00:00", "00:10").onTime(2L).late(3L);
    panes.noOthers();
  }

  @Test
  void drainsABundleOfManyEventsBeforeItsEnd() {
    // One bundle on some runners: more events than are held at once, also of a single key.
    int events = BucketedEvents.MAX_EVENTS + 10;
    Records records = Records.ofTopic("t", 0);
    List<TimestampedValue<Ingested<String>>> all =
        IntStream.range(0, events)
            .mapToObj(
                i ->
                    TimestampedValue.of(
                        records.ingested(i % 2 == 0 ? "a" : "b"),
                        Instant.ofEpochSecond(events - i)))
            .toList();
    Gathered<Ingested<Integer>> counts =
        Gathered.of(
            pipeline
                .apply(Create.timestamped(all).withCoder(Ingested.coder(StringUtf8Coder.of())))
                .apply(
                    KeyedState.by((String event) -> event, StringUtf8Coder.of())
                        .expiringAfter(Duration.ofDays(1))
                        .with(StateStrategy.BUCKETED)
                        .applying(
                            (Integer count, String event, long eventTimeMillis) ->
                                count == null
                                    ? Transition.to(1)
                                    : count == events / 2 - 1
                                        ? Transition.forget(List.of(count + 1))
                                        : Transition.to(count + 1),
                            VarIntCoder.of(),
                            VarIntCoder.of()))
                .outputs());

    pipeline.run();
    assertThat(counts.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder(events / 2, events / 2);
  }

  @Test
  void refusesATimeToLiveThatNothingLivesFor() {
    KeyedState<String, String> state = KeyedState.by((String event) -> event, StringUtf8Coder.of());

    for (Duration time : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> state.expiringAfter(time))
          .withMessageContaining("the time to live must be positive")
          .withMessageContaining("not " + time);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.expiringAfter(Duration.ofSeconds(Long.MAX_VALUE)))
        .withMessageContaining("36500 days at most");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> state.withAllowedLateness(Duration.ofMillis(-1)))
        .withMessageContaining("allowed lateness must be positive");
    assertThatThrownBy(() -> state.applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()))
        .hasMessageContaining("expiringAfter(…)");
  }

  @ParameterizedTest
  @EnumSource
  void refusesKeysThatCannotBeToldApart(StateStrategy strategy) {
    PCollection<Ingested<String>> events = pipeline.apply(story().at("00:05", "a").thenEnds());

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                events.apply(
                    KeyedState.by((String event) -> 0.5, DoubleCoder.of())
                        .expiringAfter(Duration.ofDays(1))
                        .with(strategy)
                        .applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of())))
        .withMessageContaining("must be deterministic");
  }

  @Test
  void keepsKeysPlainlyThatAreNotEqualIfTheirEncodingsAre() {
    Gathered<Ingested<String>> outputs =
        Gathered.of(
            pipeline
                .apply(story().at("00:05", "a1").at("00:06", "a2").thenEnds())
                .apply(
                    KeyedState.by(
                            (String event) -> new byte[] {(byte) event.charAt(0)},
                            ByteArrayCoder.of())
                        .expiringAfter(Duration.ofDays(1))
                        .applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()))
                .outputs());

    pipeline.run();
    assertThat(outputs.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a1", "a1 a2");
  }

  private KeyedOutputs<String, String> apply(StateStrategy strategy, Scenario<String> story) {
    TestStream<Ingested<String>> stream = story.thenEnds();
    return pipeline
        .apply(stream)
        .apply(
            forAMinute(strategy).applying(new LastThree(), LastThree.STATE, StringUtf8Coder.of()));
  }

  private static KeyedState<String, String> forAMinute(StateStrategy strategy) {
    return KeyedState.by((String event) -> event.substring(0, 1), StringUtf8Coder.of())
        .expiringAfter(Duration.ofMinutes(1))
        .with(strategy);
  }

  private static Scenario<String> story() {
    return Scenario.of(StringUtf8Coder.of());
  }

  /** Writes texts that do not begin with b. */
  private static final class NoBsEncoder implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) throws EncodeException {
      if (value.startsWith("b")) {
        throw new EncodeException("no words");
      }
      return value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
