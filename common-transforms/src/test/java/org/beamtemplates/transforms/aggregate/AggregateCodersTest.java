package org.beamtemplates.transforms.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.beamtemplates.transforms.aggregate.WindowResult.Timing;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AggregateCodersTest {

  private static final Coder<WindowResult<String, Long>> RESULTS =
      WindowResult.coder(StringUtf8Coder.of(), VarLongCoder.of());

  @ParameterizedTest
  @MethodSource
  void readsBackResults(WindowResult<String, Long> result) throws Exception {
    CoderProperties.coderDecodeEncodeEqual(RESULTS, result);
    CoderProperties.structuralValueDecodeEncodeEqual(RESULTS, result);
    CoderProperties.coderDeterministic(RESULTS, result, result);
  }

  static Stream<WindowResult<String, Long>> readsBackResults() {
    return Stream.of(
        new WindowResult<>("", 0L, 0, 60_000, Timing.EARLY, 0),
        new WindowResult<>("k", -1L, -60_000, 0, Timing.ON_TIME, 1),
        new WindowResult<>(
            "ä😀",
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            GlobalWindow.INSTANCE.maxTimestamp().getMillis() + 1,
            Timing.LATE,
            Long.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({"EARLY, 0", "ON_TIME, 1", "LATE, 2"})
  void keepsTheEncodingOfTimings(Timing timing, byte code) throws Exception {
    byte[] bytes =
        CoderUtils.encodeToByteArray(RESULTS, new WindowResult<>("k", 1L, 0, 1, timing, 0));

    // Length and text of the key, value, start and end of the window, timing, revision.
    assertThat(bytes[2 + 1 + 8 + 8]).isEqualTo(code);
  }

  @Test
  void refusesATimingOfALaterVersion() throws Exception {
    byte[] bytes =
        CoderUtils.encodeToByteArray(RESULTS, new WindowResult<>("k", 1L, 0, 1, Timing.LATE, 0));
    bytes[2 + 1 + 8 + 8] = 9;

    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(RESULTS, bytes))
        .isInstanceOfAny(IllegalArgumentException.class, CoderException.class)
        .hasMessageContaining("9");
  }

  @Test
  void comparesResultsByWhatIsInThem() {
    Coder<WindowResult<byte[], byte[]>> coder =
        WindowResult.coder(ByteArrayCoder.of(), ByteArrayCoder.of());

    assertThat(coder.structuralValue(bytes(1))).isEqualTo(coder.structuralValue(bytes(1)));
    assertThat(coder.structuralValue(bytes(1))).isNotEqualTo(coder.structuralValue(bytes(2)));
  }

  private static WindowResult<byte[], byte[]> bytes(int value) {
    return new WindowResult<>(new byte[] {1}, new byte[] {(byte) value}, 0, 1, Timing.ON_TIME, 0);
  }

  @Test
  void isAsDeterministicAsKeyAndValue() {
    assertThatThrownBy(
            () -> WindowResult.coder(StringUtf8Coder.of(), DoubleCoder.of()).verifyDeterministic())
        .isInstanceOf(NonDeterministicException.class);
    assertThatThrownBy(
            () -> WindowResult.coder(DoubleCoder.of(), StringUtf8Coder.of()).verifyDeterministic())
        .isInstanceOf(NonDeterministicException.class);
  }

  @ParameterizedTest
  @MethodSource
  void readsBackLateElements(BoundedWindow window, Coder<BoundedWindow> windowCoder)
      throws Exception {
    Coder<LateElement<String>> coder =
        LateElement.coder(Ingested.coder(StringUtf8Coder.of()), windowCoder);
    LateElement<String> late =
        new LateElement<>(new Ingested<>("v", Origin.kafka("t", 1, 2), 100_000), -5, window);

    CoderProperties.coderDecodeEncodeEqual(coder, late);
    CoderProperties.coderSerializable(coder);
    CoderProperties.coderDeterministic(coder, late, late);
  }

  static Stream<Object[]> readsBackLateElements() {
    return Stream.of(
        new Object[] {
          new IntervalWindow(Instant.ofEpochMilli(-7), Instant.ofEpochMilli(60_000)),
          IntervalWindow.getCoder()
        },
        new Object[] {GlobalWindow.INSTANCE, GlobalWindow.Coder.INSTANCE});
  }
}
