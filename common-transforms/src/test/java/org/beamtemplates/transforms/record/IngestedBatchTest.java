package org.beamtemplates.transforms.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reify;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.testing.Records;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

class IngestedBatchTest {

  private static final Coder<IngestedBatch<String>> CODER =
      IngestedBatch.coder(StringUtf8Coder.of());

  private final Records records = Records.ofTopic("topic", 0);

  @Property
  void readsBackWhatItHasWritten(@ForAll("batches") IngestedBatch<String> batch) throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, batch);
    CoderProperties.coderDeterministic(CODER, batch, copyOf(batch));
  }

  @Provide
  Arbitrary<IngestedBatch<String>> batches() {
    Arbitrary<Long> anyLong =
        Arbitraries.oneOf(
            Arbitraries.longs(),
            Arbitraries.longs().between(-3, 300),
            Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, Ingested.NEVER_LATE));
    Arbitrary<Replay> replay =
        Combinators.combine(
                Arbitraries.strings().ofMinLength(1).ofMaxLength(5),
                Arbitraries.integers().between(2, 1_000_000),
                anyLong)
            .as(Replay::new)
            .injectNull(0.7);
    Arbitrary<Origin> origin =
        Combinators.combine(
                Arbitraries.of(Origin.Type.class),
                Arbitraries.of("", "topic", "gs://ü/file.avro"),
                Arbitraries.integers(),
                anyLong,
                replay)
            .as(Origin::new);
    Arbitrary<Ingested<String>> element =
        Combinators.combine(Arbitraries.strings().ofMaxLength(5), origin, anyLong)
            .as(Ingested::new);
    return Combinators.combine(element.list().ofMinSize(1).ofMaxSize(20), anyLong, anyLong)
        .as(
            (elements, first, step) -> {
              IngestedBatch.Builder<String> batch = IngestedBatch.builder(elements.size() + 1);
              for (int i = 0; i < elements.size(); i++) {
                batch.add(elements.get(i), first + i * step);
              }
              return batch.build();
            });
  }

  private static IngestedBatch<String> copyOf(IngestedBatch<String> batch) {
    IngestedBatch.Builder<String> copy = IngestedBatch.builder(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      copy.add(batch.element(i), batch.millis(i));
    }
    return copy.build();
  }

  @Test
  void takesAFewBytesForElementsOfOneSource() throws Exception {
    IngestedBatch.Builder<String> batch = IngestedBatch.builder(1_000);
    for (int i = 0; i < 1_000; i++) {
      Origin origin = Origin.kafka("a-topic-with-a-long-name", i % 4, 1_000_000_000 + i * 3L);
      batch.add(new Ingested<>("v", origin, 1_700_000_000_000L + i), 1_700_000_000_500L + i);
    }
    int bytes = CoderUtils.encodeToByteArray(CODER, batch.build()).length;

    // The value has two of them.
    assertThat(bytes).isLessThan(8_000);
  }

  @Test
  void keepsCoordinatesAndTimesOfOtherValues() {
    IngestedBatch.Builder<String> batch = IngestedBatch.builder(3);
    batch.add(records.ingested("1", 7), 10);
    batch.add(records.ingested("none", 7), 11);
    batch.add(records.ingested("3", 8), 5);

    IngestedBatch<Integer> numbers =
        batch.build().map(text -> text.equals("none") ? null : Integer.valueOf(text));

    assertThat(numbers.size()).isEqualTo(2);
    assertThat(numbers.element(1).value()).isEqualTo(3);
    assertThat(numbers.element(1).watermarkMillis()).isEqualTo(8);
    assertThat(numbers.element(1).origin().offset()).isEqualTo(2);
    assertThat(numbers.millis(1)).isEqualTo(5);
    assertThat(numbers.leastMillis()).isEqualTo(5);
    assertThat(numbers.map(unused -> null)).isNull();
  }

  @Test
  void losesNothingBetweenElementsAndBatches() {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    List<TimestampedValue<Ingested<String>>> elements = new ArrayList<>();
    for (int i = 0; i < 2_345; i++) {
      elements.add(
          TimestampedValue.of(records.ingested("e" + i), Instant.ofEpochMilli(i * 7_919 % 1_000)));
    }
    Gathered<TimestampedValue<Ingested<String>>> again =
        Gathered.of(
            pipeline
                .apply(Create.timestamped(elements).withCoder(Ingested.coder(StringUtf8Coder.of())))
                .apply(IngestedBatch.gathered())
                .apply(IngestedBatch.each())
                .apply(Reify.timestamps()));
    pipeline.run();

    assertThat(again.elements()).hasSize(elements.size());
    assertThat(new HashSet<>(again.elements())).isEqualTo(new HashSet<>(elements));
  }

  @Test
  void refusesABatchOfNothing() {
    assertThatThrownBy(() -> IngestedBatch.builder(3).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("empty");
  }
}
