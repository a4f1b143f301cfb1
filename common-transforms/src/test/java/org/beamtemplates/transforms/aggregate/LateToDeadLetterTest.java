package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPipelineExtension.class)
class LateToDeadLetterTest {

  @Test
  void namesTheOriginOfALateElementEvenIfItCannotBeEncodedAgain(TestPipeline pipeline) {
    List<Gathered<DeadLetter>> dead = new ArrayList<>();
    try (DeadLetters deadLetters =
        DeadLetters.of(
            "test",
            "1",
            letters -> {
              dead.add(Gathered.of(letters));
              return PDone.in(letters.getPipeline());
            })) {
      pipeline
          .apply(
              Create.timestamped(
                      TimestampedValue.of(
                          new Ingested<>("a", Origin.kafka("t", 1, 42), 100_000),
                          Instant.ofEpochMilli(15_000)))
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

    assertThat(dead.get(0).elements())
        .hasSize(2)
        .allSatisfy(
            letter -> {
              assertThat(letter.getCategory()).isEqualTo("LATE");
              assertThat(letter.getSource()).isEqualTo("t");
              assertThat(letter.getOffset()).isEqualTo(42);
              assertThat(letter.getWatermarkMs()).isEqualTo(100_000);
              assertThat(letter.getReplayable()).isFalse();
              assertThat(letter.getErrorMessage()).contains("behind the watermark", "no words");
            })
        .extracting(DeadLetter::getWindowEndMs)
        .containsExactlyInAnyOrder(20_000L, 30_000L);
    assertThat(dead.get(0).elements()).extracting(DeadLetter::getId).doesNotHaveDuplicates();
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
