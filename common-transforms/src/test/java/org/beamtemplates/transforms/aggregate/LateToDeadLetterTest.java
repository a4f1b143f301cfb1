package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.ExpectedLetter;
import org.beamtemplates.testing.Records;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.Replay;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class LateToDeadLetterTest {

  @Test
  void namesTheOriginOfALateElementEvenIfItCannotBeEncodedAgain(TestPipeline pipeline) {
    Records records = Records.ofTopic("t", 1).startingAt(42);
    CaughtDeadLetters dead = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      pipeline
          .apply(
              Create.timestamped(
                      TimestampedValue.of(
                          records.ingested("a", 100_000), Instant.ofEpochMilli(15_000)))
                  .withCoder(Ingested.coder(StringUtf8Coder.of())))
          .apply(
              "Aggregate",
              WindowedAggregation.by((String value) -> value, StringUtf8Coder.of())
                  .inSlidingWindows(
                      java.time.Duration.ofSeconds(20), java.time.Duration.ofSeconds(10))
                  .combining(Count.combineFn()))
          .lateTo(deadLetters, new BrokenEncoder());
    }
    pipeline.run();

    ExpectedLetter late =
        letter("LATE")
            .from(Origin.kafka("t", 1, 42))
            .messageHas("behind the watermark")
            .messageHas("no words")
            .where("watermark", one -> one.getWatermarkMs() == 100_000)
            .where("not replayable", one -> !one.getReplayable());
    dead.check().has(late.window(0, 20_000)).has(late.window(10_000, 30_000)).noOthers();
    assertThat(dead.letters()).extracting(DeadLetter::getId).doesNotHaveDuplicates();
  }

  @Test
  void keepsTheStoryOfAReplay(TestPipeline pipeline) {
    Origin replayed = Origin.kafka("t", 1, 42).replayed(new Replay("id-before", 2, 1_234));
    CaughtDeadLetters dead = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      pipeline
          .apply(
              Create.timestamped(
                      TimestampedValue.of(
                          new Ingested<>("a", replayed, 100_000), Instant.ofEpochMilli(15_000)))
                  .withCoder(Ingested.coder(StringUtf8Coder.of())))
          .apply(
              "Aggregate",
              WindowedAggregation.by((String value) -> value, StringUtf8Coder.of())
                  .inFixedWindows(java.time.Duration.ofSeconds(20))
                  .combining(Count.combineFn()))
          .lateTo(deadLetters, new BrokenEncoder());
    }
    pipeline.run();

    dead.check()
        .has(
            letter("LATE")
                .from(Origin.kafka("t", 1, 42))
                .where("second attempt", one -> one.getAttempts() == 2)
                .where("the letter before", one -> "id-before".equals(one.getPreviousId()))
                .where("first failure", one -> one.getFirstFailureMs() == 1_234))
        .noOthers();
  }

  private static final class BrokenEncoder implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) throws EncodeException {
      throw new EncodeException("no words");
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
