package org.beamtemplates.transforms.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.schemas.PageViews;
import org.beamtemplates.schemas.RecordHeader;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records without logical types are read by the code that Avro has generated into their classes; it
 * has to withstand the same as Avro's generic reader.
 */
class GeneratedCodersTest {

  private static final int DAMAGED = 20_000;

  static Stream<SpecificRecordBase> records() {
    return Stream.of(
        PageStatistics.newBuilder()
            .setWindowStartMs(0)
            .setWindowEndMs(60_000)
            .setCategory("Bücher")
            .setCountry("DE")
            .setRevenueMinor(Map.of("EUR", 1L, "USD", 2L))
            .setTopPages(List.of(new PageViews("/a", 3L), new PageViews("/b", 2L)))
            .build(),
        DeadLetter.newBuilder()
            .setId("1f")
            .setCategory("DECODE")
            .setPipeline("p")
            .setStage("s")
            .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .setHeaders(
                List.of(
                    new RecordHeader("a", ByteBuffer.wrap(new byte[] {4})),
                    new RecordHeader("b", null)))
            .setPartition(3)
            .setOffset(1042L)
            .setFirstFailureMs(1)
            .setLastFailureMs(2)
            .build());
  }

  @ParameterizedTest
  @MethodSource("records")
  <T extends SpecificRecordBase> void whatIsEncodedIsDecoded(T value) throws Exception {
    assertThat(decoder(value).decode(record(encode(value)))).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("records")
  <T extends SpecificRecordBase> void readsWhatAnOlderVersionHasWritten(T value) throws Exception {
    Schema older = withoutLastField(value.getSchema());
    byte[] all = encode(value);
    byte[] bytes = Arrays.copyOf(all, all.length - 1); // an empty string or a zero

    assertThat(Decoders.avro(type(value), older).decode(record(bytes))).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("records")
  <T extends SpecificRecordBase> void nothingButADecodeExceptionComesOutOfDamagedRecords(T value)
      throws Exception {
    RandomRecords random = new RandomRecords(1);
    Decoder<T> decoder = decoder(value);
    byte[] good = encode(value);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      byte[] bytes = i % 2 == 0 ? random.damaged(good) : random.garbage(200);
      try {
        decoder.decode(record(bytes));
      } catch (DecodeException e) {
        refused++;
      }
    }

    assertThat(refused).isGreaterThan(DAMAGED / 2);
    assertThat(decoder.decode(record(good))).isEqualTo(value);
  }

  private static <T extends SpecificRecordBase> Decoder<T> decoder(T value) {
    return Decoders.avro(type(value), value.getSchema());
  }

  private static <T extends SpecificRecordBase> byte[] encode(T value) throws EncodeException {
    return Encoders.avro(type(value)).encode(value);
  }

  @SuppressWarnings("unchecked") // The class of a value is a class of its type.
  private static <T extends SpecificRecordBase> Class<T> type(T value) {
    return (Class<T>) value.getClass();
  }

  private static Schema withoutLastField(Schema schema) {
    List<Schema.Field> fields =
        schema.getFields().subList(0, schema.getFields().size() - 1).stream()
            .map(field -> new Schema.Field(field, field.schema()))
            .toList();
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  private static RawRecord record(byte[] bytes) {
    return RawRecord.of(Origin.none(), bytes);
  }
}
