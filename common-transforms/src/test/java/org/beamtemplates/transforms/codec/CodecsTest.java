package org.beamtemplates.transforms.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.FakeSchemaRegistry;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every pair of encoder and decoder. */
class CodecsTest {

  private static final int RECORDS = 300;
  private static final int DAMAGED = 20_000;

  private static FakeSchemaRegistry registry;

  private record Codec(
      String name, Encoder<Everything> encoder, Decoder<Everything> decoder, String mediaType) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void startRegistry() {
    registry = FakeSchemaRegistry.start();
  }

  @AfterAll
  static void stopRegistry() {
    registry.close();
  }

  static Stream<Codec> codecs() {
    Class<Everything> type = Everything.class;
    SchemaRegistry client = SchemaRegistry.at(registry.url());
    return Stream.of(
        new Codec("JSON", Encoders.json(type), Decoders.json(type), "application/json"),
        new Codec(
            "Confluent Avro",
            Encoders.confluentAvro(type, client, "everything-value"),
            Decoders.confluentAvro(type, client),
            "application/vnd.confluent.avro"),
        new Codec(
            "single-object Avro",
            Encoders.singleObjectAvro(type),
            Decoders.singleObjectAvro(type),
            "application/vnd.apache.avro.single-object"),
        new Codec(
            "plain Avro",
            Encoders.avro(type),
            Decoders.avro(type, Everything.getClassSchema()),
            "application/vnd.apache.avro.body"));
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void whatIsEncodedIsDecoded(Codec codec) throws Exception {
    RandomRecords records = new RandomRecords(1);
    codec.encoder().open();
    codec.decoder().open();
    for (int i = 0; i < RECORDS; i++) {
      Everything value = records.everything();
      assertThat(decode(codec, codec.encoder().encode(value))).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void worksAfterSerializationAndWithoutOpen(Codec codec) throws Exception {
    Everything value = new RandomRecords(2).everything();
    byte[] bytes = codec.encoder().encode(value);
    decode(codec, bytes);

    Encoder<Everything> encoder = SerializableUtils.ensureSerializable(codec.encoder());
    Decoder<Everything> decoder = SerializableUtils.ensureSerializable(codec.decoder());

    assertThat(decoder.decode(record(encoder.encode(value)))).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void nothingButADecodeExceptionComesOutOfDamagedRecords(Codec codec) throws Exception {
    RandomRecords records = new RandomRecords(3);
    Everything good = records.everything();
    byte[] goodBytes = codec.encoder().encode(good);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      if (!decodes(codec, records.damaged(goodBytes))) {
        refused++;
      }
    }

    assertThat(refused).isGreaterThan(DAMAGED / 2);
    assertThat(decode(codec, goodBytes)).isEqualTo(good);
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void everyTruncationIsRefused(Codec codec) throws Exception {
    byte[] bytes = codec.encoder().encode(new RandomRecords(4).everything());

    for (int length = 0; length < bytes.length; length++) {
      assertThat(decodes(codec, Arrays.copyOf(bytes, length))).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void nothingButADecodeExceptionComesOutOfGarbage(Codec codec) throws Exception {
    RandomRecords records = new RandomRecords(5);
    byte[] good = codec.encoder().encode(records.everything());
    int header = header(codec);
    for (int i = 0; i < DAMAGED; i++) {
      byte[] garbage = records.garbage(300);
      System.arraycopy(good, 0, garbage, 0, Math.min(header, garbage.length));
      decodes(codec, garbage);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void messagesDoNotRepeatTheRecord(Codec codec) throws Exception {
    RandomRecords records = new RandomRecords(6);
    byte[] good = codec.encoder().encode(records.everything());
    for (int i = 0; i < 2_000; i++) {
      try {
        decode(codec, records.damaged(good));
      } catch (DecodeException e) {
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400);
        assertThat(e.getStackTrace()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void aTombstoneIsRefused(Codec codec) {
    assertThat(catchThrowable(() -> decode(codec, null)))
        .isInstanceOf(DecodeException.class)
        .hasMessageStartingWith("No value: a tombstone");
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void saysWhatItReadsAndWrites(Codec codec) throws Exception {
    assertThat(codec.encoder().contentType()).isEqualTo(codec.mediaType());
    assertThat(codec.decoder().contentType()).isEqualTo(codec.mediaType());
    assertThat(codec.decoder().type().getRawType()).isEqualTo(Everything.class);

    Everything value = new RandomRecords(7).everything();
    Coder<Everything> coder = codec.decoder().coder();
    assertThat(CoderUtils.clone(coder, value)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void aValueThatBreaksItsSchemaIsRefusedAndDoesNotHarmTheNext(Codec codec) throws Exception {
    Everything broken = new RandomRecords(8).everything();
    broken.setAString(null);
    Everything good = new RandomRecords(9).everything();

    assertThat(catchThrowable(() -> codec.encoder().encode(broken)))
        .isInstanceOf(EncodeException.class)
        .hasMessageContaining("aString");
    assertThat(decode(codec, codec.encoder().encode(good))).isEqualTo(good);
  }

  @Test
  void theEventsOfTheTemplatesMakeTheRoundToo() throws Exception {
    PageEvent event =
        PageEvent.newBuilder()
            .setEventId("e-1")
            .setUserId("u-1")
            .setPage("/a")
            .setEventTimeMs(1)
            .build();

    assertThat(
            Decoders.json(PageEvent.class)
                .decode(record(Encoders.json(PageEvent.class).encode(event))))
        .isEqualTo(event);
  }

  @Test
  void refusesWhatIsNotAGeneratedClass() {
    assertThatIllegalArgumentException().isThrownBy(() -> Decoders.json(SpecificRecord.class));
  }

  private static int header(Codec codec) {
    return switch (codec.mediaType()) {
      case MediaTypes.CONFLUENT_AVRO -> ConfluentWireFormat.HEADER_LENGTH;
      case MediaTypes.SINGLE_OBJECT_AVRO -> SingleObjectFormat.HEADER_LENGTH;
      default -> 0;
    };
  }

  private static boolean decodes(Codec codec, byte[] bytes) {
    try {
      decode(codec, bytes);
      return true;
    } catch (DecodeException e) {
      return false;
    }
  }

  private static Everything decode(Codec codec, byte[] bytes) throws DecodeException {
    return codec.decoder().decode(record(bytes));
  }

  private static RawRecord record(byte[] bytes) {
    return RawRecord.of(Origin.none(), bytes);
  }
}
