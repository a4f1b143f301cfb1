package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.EventTime.Reading;
import org.beamtemplates.transforms.ingest.EventTime.Status;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;
import org.junit.jupiter.api.Test;

class StampedBatchCoderTest {

  private static final Coder<List<StampedRecord>> CODER = StampedBatchCoder.of();

  @Tag("property")
  @Property
  void keepsEverythingOfEachRecord(@ForAll("batches") List<StampedRecord> batch) throws Exception {
    byte[] bytes = CoderUtils.encodeToByteArray(CODER, batch);
    List<StampedRecord> decoded = CoderUtils.decodeFromByteArray(CODER, bytes);

    assertThat(shown(decoded)).isEqualTo(shown(batch));
    assertThat(CoderUtils.encodeToByteArray(CODER, decoded)).isEqualTo(bytes);
  }

  @Test
  void isCompact() throws Exception {
    List<StampedRecord> batch = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Origin origin = Origin.kafka("page-events", i % 4, 1_000_000 + i / 4);
      long time = 1_770_000_000_000L + i * 13L;
      RawRecord raw =
          RawRecord.of(origin, null, new byte[100], List.of(), OptionalLong.of(time + 20));
      batch.add(new StampedRecord(raw, time - 5_000, new Reading(Status.SANE, time)));
    }

    assertThat(CoderUtils.encodeToByteArray(CODER, batch)).hasSizeLessThan(500 * 110);
  }

  @Test
  void knowsAReplayAndItsFirstCoordinatesByItsHeaders() throws Exception {
    DeadLetter letter =
        DeadLetters.of("shop", "1", letters -> null)
            .stage("decode")
            .ofRecord(
                Categories.DECODE,
                RawRecord.of(Origin.kafka("orders", 3, 17), new byte[] {1}),
                "text/plain",
                null,
                null,
                new DecodeException("no"));
    List<RawRecord.Header> headers = ReplayHeaders.of(letter);
    Origin origin = ReplayHeaders.originOf(Origin.kafka("orders", 3, 99), headers);
    RawRecord raw = RawRecord.of(origin, null, new byte[] {1}, headers, OptionalLong.empty());
    List<StampedRecord> batch = List.of(new StampedRecord(raw, 1, new Reading(Status.SANE, 2)));

    List<StampedRecord> decoded =
        CoderUtils.decodeFromByteArray(CODER, CoderUtils.encodeToByteArray(CODER, batch));

    assertThat(origin.replay()).isNotNull();
    assertThat(decoded.get(0).raw().origin()).isEqualTo(origin);
  }

  @Test
  void refusesAnotherVersion() {
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(CODER, new byte[] {9, 0}))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("has version 9, and only 1 is known here");
  }

  @Provide
  Arbitrary<List<StampedRecord>> batches() {
    Arbitrary<byte[]> bytes =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(200).injectNull(0.2);
    Arbitrary<Origin> origins =
        Combinators.combine(
                Arbitraries.of("a", "a", "ä-topic"),
                Arbitraries.integers().between(0, 100),
                Arbitraries.longs().greaterOrEqual(0))
            .as(Origin::kafka);
    Arbitrary<List<RawRecord.Header>> headers =
        Combinators.combine(Arbitraries.strings().ofMaxLength(10), bytes)
            .as(RawRecord.Header::new)
            .list()
            .ofMaxSize(3);
    Arbitrary<OptionalLong> timestamps =
        Arbitraries.longs()
            .injectNull(0.3)
            .map(time -> time == null ? OptionalLong.empty() : OptionalLong.of(time));
    Arbitrary<RawRecord> raws =
        Combinators.combine(origins, bytes, bytes, headers, timestamps).as(RawRecord::of);
    Arbitrary<Reading> readings =
        Combinators.combine(Arbitraries.of(Status.class), Arbitraries.longs()).as(Reading::new);
    return Combinators.combine(raws, Arbitraries.longs(), readings)
        .as(StampedRecord::new)
        .list()
        .ofMaxSize(30);
  }

  private static List<String> shown(List<StampedRecord> batch) {
    return batch.stream().map(StampedBatchCoderTest::shown).toList();
  }

  private static String shown(StampedRecord stamped) {
    RawRecord raw = stamped.raw();
    StringBuilder headers = new StringBuilder();
    raw.headers()
        .forEach(
            header ->
                headers
                    .append(Arrays.toString(header.name().getBytes(UTF_8)))
                    .append(Arrays.toString(header.value())));
    return String.join(
        "|",
        raw.origin().toString(),
        Arrays.toString(raw.key()),
        Arrays.toString(raw.value()),
        headers,
        raw.timestampMillis().toString(),
        String.valueOf(stamped.watermarkMillis()),
        stamped.reading().toString());
  }
}
