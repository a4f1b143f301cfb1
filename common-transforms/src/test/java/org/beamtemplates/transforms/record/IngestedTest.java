package org.beamtemplates.transforms.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IngestedTest {

  private static final Coder<Ingested<String>> CODER = Ingested.coder(StringUtf8Coder.of());

  @ParameterizedTest
  @MethodSource("elements")
  void readsBackWhatItHasWritten(Ingested<String> element) throws Exception {
    CoderProperties.coderDecodeEncodeEqual(CODER, element);
    CoderProperties.coderDeterministic(CODER, element, element);
    CoderProperties.structuralValueDecodeEncodeEqual(CODER, element);
  }

  static Stream<Ingested<String>> elements() {
    return Stream.of(
        Ingested.of("", Origin.none()),
        Ingested.of("a", Origin.kafka("t", Integer.MAX_VALUE, Long.MAX_VALUE)),
        new Ingested<>("ä€😀", Origin.kafka("topic", 0, 0), 0),
        new Ingested<>("a", Origin.file("gs://bucket/ü.avro", 1L << 40), -1),
        new Ingested<>("a", Origin.file("", -1), Long.MAX_VALUE));
  }

  @Test
  void keepsTheEncodingThatElementsInFlightHave() throws Exception {
    byte[] bytes =
        CoderUtils.encodeToByteArray(CODER, new Ingested<>("v", Origin.kafka("t", 2, 300), 1));

    // Kind, length and text of the topic, partition, offset, watermark (big endian), length and
    // text of the value.
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("01" + "0174" + "02" + "ac02" + "0000000000000001" + "0176");
  }

  @Test
  void readsElementsThatFollowEachOther() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(ListCoder.of(CODER), elements().toList());
  }

  @Test
  void isAsDeterministicAsTheValue() {
    assertThatCode(CODER::verifyDeterministic).doesNotThrowAnyException();
    assertThatThrownBy(() -> Ingested.coder(DoubleCoder.of()).verifyDeterministic())
        .isInstanceOf(NonDeterministicException.class);
  }

  @Test
  void comparesArraysByWhatIsInThem() {
    Coder<Ingested<byte[]>> coder = Ingested.coder(ByteArrayCoder.of());

    assertThat(coder.structuralValue(Ingested.of(new byte[] {1}, Origin.none())))
        .isEqualTo(coder.structuralValue(Ingested.of(new byte[] {1}, Origin.none())))
        .isNotEqualTo(coder.structuralValue(Ingested.of(new byte[] {2}, Origin.none())));
  }

  @Test
  void travelsToAWorker() {
    CoderProperties.coderSerializable(CODER);
    CoderProperties.coderSerializable(Ingested.coder(SerializableCoder.of(String.class)));
  }

  @Test
  void isNeverLateWithoutAWatermark() {
    Ingested<String> element = Ingested.of("a", Origin.file("f", 1));

    assertThat(element.watermarkMillis()).isEqualTo(Ingested.NEVER_LATE);
    assertThat(new Ingested<>("a", Origin.file("f", 1), 5).with(List.of("b")))
        .isEqualTo(new Ingested<>(List.of("b"), Origin.file("f", 1), 5));
  }
}
