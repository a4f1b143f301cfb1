package org.beamtemplates.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class DeadLetterCheckTest {

  private static final DeadLetters MAKER = DeadLetters.of("shop", "1.0", letters -> null);

  private final DeadLetter undecodable =
      MAKER
          .stage("ingest")
          .ofRecord(
              "DECODE",
              RawRecord.of(Origin.file("in.jsonl", 3), "no\njson".getBytes(UTF_8)),
              "application/json",
              null,
              null,
              new IllegalArgumentException("not JSON"));
  private final DeadLetter late =
      MAKER
          .stage("aggregate")
          .ofLate(
              Origin.kafka("orders", 2, 7),
              "{\"id\":1}".getBytes(UTF_8),
              "application/json",
              5_000,
              new IntervalWindow(Instant.ofEpochMilli(0), Instant.ofEpochMilli(60_000)),
              90_000);
  private final DeadLetter withoutOrigin =
      MAKER
          .stage("deliver")
          .ofValue("DELIVER", "x", null, "text/plain", 0L, new IllegalStateException("too large"));
  private final List<DeadLetter> all = List.of(undecodable, late, withoutOrigin);

  @Test
  void takesWhatIsAsExpected() {
    DeadLetterCheck.of(all)
        .has(
            letter("DECODE")
                .stage("ingest")
                .from(Origin.file("in.jsonl", 3))
                .payload("no\njson")
                .message("not JSON")
                .where("content type", one -> one.getContentType().equals("application/json")))
        .has(
            letter("LATE")
                .from(Origin.kafka("orders", 2, 7))
                .payloadHas("\"id\"")
                .messageHas("behind the watermark by 85000 ms")
                .window(0, 60_000))
        .has(letter("DELIVER").from(Origin.none()).payload(""))
        .noOthers();
  }

  @Test
  void showsAllLettersAndWhatIsDifferent() {
    DeadLetterCheck check = DeadLetterCheck.of(all).has(letter("DELIVER"));

    assertThatThrownBy(() -> check.has(letter("DECODE").stage("aggregate").payloadHas("JSON")))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            No dead letter has category DECODE, stage aggregate, payload …JSON….
            All dead letters:
              category  stage      origin      message                                                       payload   differs in
              DECODE    ingest     in.jsonl#3  not JSON                                                      no json   stage, payload
              LATE      aggregate  orders-2@7  event time is behind the watermark by 85000 ms, and its win…  {"id":1}  category, payload
              DELIVER   deliver    (no source)  too large                                                               (expected before)
            """
                .replace("origin      m", "origin       m")
                .replace("in.jsonl#3  n", "in.jsonl#3   n")
                .replace("orders-2@7  e", "orders-2@7   e"));
  }

  @Test
  void failsForEachThingThatIsDifferent() {
    assertNone(letter("VALIDATE"), "category VALIDATE");
    assertNone(letter("LATE").stage("ingest"), "stage ingest");
    assertNone(letter("LATE").from(Origin.kafka("orders", 2, 8)), "origin orders-2@8");
    assertNone(letter("LATE").from(Origin.kafka("orders", 1, 7)), "origin orders-1@7");
    assertNone(letter("LATE").from(Origin.file("orders", 7)), "origin orders#7");
    assertNone(letter("LATE").payload("{\"id\":2}"), "payload {\"id\":2}");
    assertNone(letter("LATE").payloadHas("2"), "payload …2…");
    assertNone(letter("LATE").message("late"), "message late");
    assertNone(letter("LATE").messageHas("early"), "message …early…");
    assertNone(letter("LATE").window(0, 61_000), "window 0 to 61000");
    assertNone(letter("DECODE").window(0, 60_000), "window 0 to 60000");
    assertNone(
        letter("LATE").where("replayable", one -> !one.getReplayable()),
        "replayable as it should be");
  }

  @Test
  void takesALetterOnce() {
    assertThatThrownBy(() -> DeadLetterCheck.of(all).has(letter("LATE")).has(letter("LATE")))
        .hasMessageContaining("No dead letter has category LATE");
    assertThatThrownBy(() -> DeadLetterCheck.of(all).has(2, letter("LATE")))
        .hasMessageStartingWith("1 instead of 2 dead letters have category LATE");
    DeadLetterCheck.of(List.of(late, late)).has(2, letter("LATE")).noOthers();
    assertThatThrownBy(() -> DeadLetterCheck.of(all).has(0, letter("LATE")))
        .hasMessage("expect 1 at least, not 0; see noOthers()");
  }

  @Test
  void failsForLettersThatNobodyExpected() {
    assertThatThrownBy(() -> DeadLetterCheck.of(List.of(late, late)).has(letter("LATE")).noOthers())
        .hasMessageStartingWith("1 dead letter more than expected:")
        .hasMessageContaining("orders-2@7");
    assertThatThrownBy(() -> DeadLetterCheck.of(all).noOthers())
        .hasMessageStartingWith("3 dead letters more than expected:");
    assertThatThrownBy(() -> DeadLetterCheck.of(List.of()).has(letter("LATE")))
        .hasMessageContaining("There are no dead letters.");
    DeadLetterCheck.of(List.of()).noOthers();
  }

  @Test
  void catchesWhatAPipelineBuries(TestPipeline pipeline) {
    CaughtDeadLetters caught = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", caught)) {
      deadLetters.add(
          "ingest", pipeline.apply(Create.of(undecodable, late).withCoder(DeadLetterCoder.of())));
    }
    pipeline.run();

    caught.check().has(letter("DECODE")).has(letter("LATE")).noOthers();
    assertThat(caught.letters()).hasSize(2);
  }

  @Test
  void saysThatNothingCouldBeCaught() {
    CaughtDeadLetters caught = new CaughtDeadLetters();

    assertThatThrownBy(caught::check).hasMessageStartingWith("nothing was caught");
  }

  private void assertNone(ExpectedLetter expected, String said) {
    assertThatThrownBy(() -> DeadLetterCheck.of(all).has(expected))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("No dead letter has ")
        .hasMessageContaining(said);
  }
}
