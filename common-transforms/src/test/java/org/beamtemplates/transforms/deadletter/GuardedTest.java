package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.InferableFunction;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.Replay;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.junit.jupiter.api.Test;

/** Failures of functions: guarded, routed by a DoFn, and of Beam's own transforms. */
class GuardedTest {

  private static final Origin FIRST = Origin.kafka("numbers", 0, 1);
  private static final Origin REPLAYED =
      Origin.kafka("numbers", 2, 7).replayed(new Replay("id-before", 3, 1_234));

  private final TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
  private final CaughtDeadLetters caught = new CaughtDeadLetters();

  @Test
  void anEventThatTheFunctionFailsForIsADeadLetterWithItsCoordinates() {
    Gathered<Ingested<Integer>> parsed;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", caught)) {
      parsed =
          Gathered.of(
              numbers("1", "x", "2")
                  .apply(
                      Guarded.map((String text) -> Integer.parseInt(text), VarIntCoder.of())
                          .named("parse")
                          .withDeadLetters(deadLetters, new Utf8())));
    }
    PipelineResult result = pipeline.run();

    assertThat(parsed.elements()).extracting(Ingested::value).containsExactlyInAnyOrder(1, 2);
    caught.check().has(letter("PROCESS").stage("parse").from(FIRST)).noOthers();
    DeadLetter failed = caught.letters().get(0);
    assertThat(UTF_8.decode(failed.getPayload()).toString()).isEqualTo("x");
    assertThat(failed.getErrorClass()).isEqualTo("java.lang.NumberFormatException");
    assertAccounting(result).balances().stage("parse").in(3).out(2).dead(1).nothingElse();
  }

  @Test
  void anEventWithoutAResultIsFiltered() {
    Gathered<Ingested<String>> kept;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", caught)) {
      kept =
          Gathered.of(
              numbers("a", "", "bb")
                  .apply(
                      Guarded.flatMap(
                              (String text) ->
                                  List.of(text.split("(?<=.)", 0)).stream()
                                      .filter(part -> !part.isEmpty())
                                      .toList(),
                              StringUtf8Coder.of())
                          .withDeadLetters(deadLetters, new Utf8())));
    }
    PipelineResult result = pipeline.run();

    assertThat(kept.elements())
        .extracting(Ingested::value)
        .containsExactlyInAnyOrder("a", "b", "b");
    assertAccounting(result).balances().stage("process").in(3).out(2).filtered(1).nothingElse();
  }

  @Test
  void aFailureOfAReplayIsOneStoryWithThoseBeforeIt() {
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", caught)) {
      pipeline
          .apply(
              Create.of(Ingested.of("x", REPLAYED)).withCoder(Ingested.coder(StringUtf8Coder.of())))
          .apply(
              Guarded.map((String text) -> Integer.parseInt(text), VarIntCoder.of())
                  .withDeadLetters(deadLetters, new Utf8()));
    }
    pipeline.run();

    DeadLetter letter = caught.letters().get(0);
    assertThat(letter.getAttempts()).isEqualTo(3);
    assertThat(letter.getPreviousId()).isEqualTo("id-before");
    assertThat(letter.getFirstFailureMs()).isEqualTo(1_234);
    assertThat(letter.getLastFailureMs()).isGreaterThan(1_234);
    assertThat(letter.getOffset()).isEqualTo(7);
  }

  @Test
  void whatIsNotTheEventsFaultFailsTheBundle() {
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", caught)) {
      numbers("1")
          .apply(
              Guarded.map(GuardedTest::away, VarIntCoder.of())
                  .withDeadLetters(deadLetters, new Utf8()));
    }

    assertThatThrownBy(pipeline::run)
        .isInstanceOf(PipelineExecutionException.class)
        .hasRootCauseMessage("the model is away");
  }

  private static Integer away(String text) {
    throw new UnavailableException("the model is away", null);
  }

  @Test
  void failuresOfBeamsTransformsComeToTheSamePlace() {
    Gathered<Integer> parsed;
    Gathered<Ingested<Integer>> doubled;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", caught)) {
      PCollection<Integer> ofValues =
          deadLetters.collect(
              "beam-map",
              pipeline
                  .apply(Create.of("1", "y"))
                  .apply(
                      MapElements.via(new Parse())
                          .exceptionsVia(
                              deadLetters.valueFailures(
                                  "beam-map", Categories.PROCESS, new Utf8()))));
      parsed = Gathered.of(ofValues);
      PCollection<Ingested<Integer>> ofEvents =
          deadLetters.collect(
              "beam-flat-map",
              numbers("2", "z")
                  .apply(
                      FlatMapElements.via(new Twice())
                          .exceptionsVia(
                              deadLetters.failures("beam-flat-map", "SCORING", new Utf8()))));
      doubled = Gathered.of(ofEvents.setCoder(Ingested.coder(VarIntCoder.of())));
    }
    pipeline.run();

    assertThat(parsed.elements()).containsExactly(1);
    assertThat(doubled.elements()).extracting(Ingested::value).containsExactly(2, 2);
    caught
        .check()
        .has(letter("PROCESS").stage("beam-map"))
        .has(letter("SCORING").stage("beam-flat-map").from(FIRST))
        .noOthers();
    assertThat(caught.letters()).extracting(DeadLetter::getEventTimeMs).containsOnlyNulls();
  }

  private PCollection<Ingested<String>> numbers(String... texts) {
    List<Ingested<String>> events = new ArrayList<>();
    for (int offset = 0; offset < texts.length; offset++) {
      events.add(Ingested.of(texts[offset], Origin.kafka("numbers", 0, offset)));
    }
    return pipeline.apply(
        "Numbers", Create.of(events).withCoder(Ingested.coder(StringUtf8Coder.of())));
  }

  private static final class Parse extends InferableFunction<String, Integer> {

    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(String text) {
      return Integer.valueOf(text);
    }
  }

  private static final class Twice
      extends InferableFunction<Ingested<String>, Iterable<Ingested<Integer>>> {

    private static final long serialVersionUID = 1L;

    @Override
    public Iterable<Ingested<Integer>> apply(Ingested<String> text) {
      Ingested<Integer> number = text.with(Integer.valueOf(text.value()));
      return List.of(number, number);
    }
  }

  private static final class Utf8 implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) throws EncodeException {
      return value.getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
