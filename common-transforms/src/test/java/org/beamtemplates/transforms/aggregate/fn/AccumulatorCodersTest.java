package org.beamtemplates.transforms.aggregate.fn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the state of running jobs. A change here is one that their state does not survive. */
class AccumulatorCodersTest {

  /** A function over 3, 1 and -2, the bytes of its accumulator, and its result. */
  static Stream<Arguments> accumulators() {
    return Stream.of(
        golden(Aggregates.count(), "0103", 3L),
        golden(Aggregates.sum(Long::longValue), "010102", new LongSum(2, false)),
        golden(Aggregates.bigSum(Long::longValue), "010102", BigInteger.TWO),
        golden(Aggregates.mean(Long::longValue), "01010203", new Mean(2.0 / 3, 3)),
        golden(
            Aggregates.sumOfDoubles(Long::doubleValue),
            "01030000002103080000",
            new DoubleSum(2, 2.0 / 3, 3, 0, 0, 0)),
        golden(Aggregates.min(VarLongCoder.of()), "0101feffffffffffffffff01", Optional.of(-2L)),
        golden(Aggregates.max(VarLongCoder.of()), "010103", Optional.of(3L)),
        golden(
            Aggregates.first(Long::longValue, VarLongCoder.of()),
            "0101feffffffffffffffff01",
            Optional.of(-2L)),
        golden(
            Aggregates.last(Long::longValue, VarLongCoder.of()),
            "010103",
            Optional.of(3L)),
        golden(
            Aggregates.topN(2, Comparator.naturalOrder(), VarLongCoder.of()),
            "01000000020301",
            List.of(3L, 1L)),
        golden(Aggregates.distinctCount(String::valueOf), "01140201070c030803005249f507aaa60f063932f81f", 3L),
        golden(Aggregates.quantiles(Long::longValue, 0, 0.5, 1), "014005010f00c80008000300000000000000c8000100c5000000feffffffffffffff0300"
                + "000000000000feffffffffffffff01000000000000000300000000000000", List.of(-2L, 1L, 3L)),
        golden(
            Aggregates.quantilesOfDoubles(number -> number == 1 ? Double.NaN : number, 0.5, 1),
            "01013805010f00c80008000200000000000000c8000100c600000000000000000000c000"
                + "0000000000084000000000000000c00000000000000840",
            new DoubleQuantiles(List.of(-2.0, 3.0), 1)),
        golden(
            Aggregates.frequentItems(number -> number > 0 ? "a" : "b", 1, 8),
            "013a04010a03030000000200000000000000030000000000000000000000000000000100"
                + "000000000000020000000000000001000000620100000061",
            List.of(new FrequentItem("a", 2, 2))),
        golden(
            Aggregates.compose(
                Aggregates.count(),
                Aggregates.on(Long::longValue, Aggregates.max(VarLongCoder.of())),
                (count, max) -> count + max.orElse(0L),
                VarLongCoder.of()),
            "010103010103",
            6L));
  }

  private static <R> Arguments golden(CombineFn<Long, ?, R> fn, String hex, R result) {
    return Arguments.of(fn, hex, result);
  }

  @ParameterizedTest
  @MethodSource("accumulators")
  <A, R> void keepTheirFormat(CombineFn<Long, A, R> fn, String hex, R result) throws Exception {
    A accumulator = fn.createAccumulator();
    for (long number : new long[] {3, 1, -2}) {
      accumulator = fn.addInput(accumulator, number);
    }
    Coder<A> coder = Trees.coder(fn);

    assertThat(HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, accumulator)))
        .isEqualTo(hex);
    A read = CoderUtils.decodeFromByteArray(coder, HexFormat.of().parseHex(hex));
    assertThat(fn.extractOutput(read)).isEqualTo(result);
  }

  @ParameterizedTest
  @MethodSource("accumulators")
  <A, R> void haveCodersThatAreEqualByValue(CombineFn<Long, A, R> fn, String hex, R result) {
    CoderProperties.coderSerializable(Trees.coder(fn));
    assertThat(SerializableUtils.clone(Trees.coder(fn)))
        .isEqualTo(Trees.coder(fn))
        .hasSameHashCodeAs(Trees.coder(fn));
  }

  @ParameterizedTest
  @MethodSource("accumulators")
  <A, R> void haveResultsThatAreReadBack(CombineFn<Long, A, R> fn, String hex, R result)
      throws Exception {
    Coder<R> coder = fn.getDefaultOutputCoder(null, VarLongCoder.of());

    CoderProperties.coderDecodeEncodeEqual(coder, result);
    CoderProperties.coderDeterministic(coder, result, result);
  }

  @ParameterizedTest
  @MethodSource("accumulators")
  <A, R> void refuseAnotherVersion(CombineFn<Long, A, R> fn, String hex, R result) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    bytes[0] = 2;

    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(Trees.coder(fn), bytes))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("has version 2")
        .hasMessageContaining("knows version 1 alone");
  }

  @ParameterizedTest
  @MethodSource("accumulators")
  <A, R> void refuseWhatIsCutOff(CombineFn<Long, A, R> fn, String hex, R result) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    for (int length = 0; length < bytes.length; length++) {
      byte[] start = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(Trees.coder(fn), start))
          .as("the first %d bytes", length)
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void sayWhichAreDeterministic() throws Exception {
    CombineFn<Long, ?, ?> exact =
        Aggregates.compose(
            Aggregates.<Long>count(),
            Aggregates.sumOfDoubles(Long::doubleValue),
            Aggregates.topN(2, Comparator.naturalOrder(), VarLongCoder.of()),
            (count, sum, top) -> "",
            StringUtf8Coder.of());
    CombineFn<Long, ?, ?> sketch = Aggregates.quantiles(Long::longValue, 0.5);

    Trees.coder(exact).verifyDeterministic();
    assertThatThrownBy(() -> Trees.coder(sketch).verifyDeterministic())
        .isInstanceOf(Coder.NonDeterministicException.class);
  }
}
