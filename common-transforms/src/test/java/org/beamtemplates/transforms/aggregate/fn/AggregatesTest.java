package org.beamtemplates.transforms.aggregate.fn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.DoubleCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.Top;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class AggregatesTest {

  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void saysThatASumOverflowed() {
    CombineFn<Long, ?, LongSum> sum = Aggregates.sum(Long::longValue);

    assertThat(Trees.inOneGo(sum, List.of(Long.MAX_VALUE, 1L)))
        .isEqualTo(new LongSum(Long.MAX_VALUE, true));
    assertThat(Trees.inOneGo(sum, List.of(Long.MIN_VALUE, -1L)))
        .isEqualTo(new LongSum(Long.MIN_VALUE, true));
    assertThat(Trees.inOneGo(sum, List.of(Long.MAX_VALUE)))
        .isEqualTo(new LongSum(Long.MAX_VALUE, false));
    assertThat(Trees.inOneGo(Aggregates.bigSum(Long::longValue), List.of(Long.MAX_VALUE, 1L)))
        .isEqualTo(BigInteger.TWO.pow(63));
  }

  @Test
  void doesNotMindAnOverflowThatIsTakenBack() {
    assertThat(
            Trees.inOneGo(
                Aggregates.sum(Long::longValue), List.of(Long.MAX_VALUE, Long.MAX_VALUE, -5L, -5L)))
        .isEqualTo(new LongSum(Long.MAX_VALUE, true));
    assertThat(
            Trees.inOneGo(
                Aggregates.sum(Long::longValue), List.of(Long.MAX_VALUE, 7L, -9L)))
        .isEqualTo(new LongSum(Long.MAX_VALUE - 2, false));
  }

  @Test
  void takesMeansOfNumbersWhoseSumOverflows() {
    assertThat(
            Trees.inOneGo(
                Aggregates.mean(Long::longValue), List.of(Long.MAX_VALUE, Long.MAX_VALUE)))
        .isEqualTo(new Mean(0x1p63, 2));
    assertThat(
            Trees.inOneGo(
                Aggregates.sumOfDoubles(Double::doubleValue),
                List.of(Double.MAX_VALUE, Double.MAX_VALUE)))
        .isEqualTo(new DoubleSum(INFINITY, Double.MAX_VALUE, 2, 0, 0, 0));
  }

  @Test
  void countsWhatIsNotANumberApart() {
    assertThat(
            Trees.inOneGo(
                Aggregates.sumOfDoubles(Double::doubleValue),
                List.of(1.5, Double.NaN, INFINITY, -INFINITY, 2.5, Double.NaN)))
        .isEqualTo(new DoubleSum(4, 2, 2, 2, 1, 1));
    assertThat(
            Trees.inOneGo(
                Aggregates.quantilesOfDoubles(Double::doubleValue, 0, 1),
                List.of(Double.NaN, INFINITY, 1.0)))
        .isEqualTo(new DoubleQuantiles(List.of(1.0, INFINITY), 1));
  }

  @Test
  void losesNothingBetweenLargeAndSmallDoubles() {
    assertThat(
            Trees.inOneGo(
                Aggregates.sumOfDoubles(Double::doubleValue), List.of(1e300, 1.0, -1e300, 0x1p-52)))
        .extracting(DoubleSum::sum)
        .isEqualTo(1.0 + 0x1p-52);
  }

  @Test
  void carriesAfterManyAdditions() {
    ExactDouble sum = new ExactDouble();
    // Doubled by merging, so that every digit is as full as it can be.
    sum.add(Double.MAX_VALUE);
    for (int i = 0; i < 62; i++) {
      ExactDouble other = new ExactDouble();
      other.add(sum);
      sum.add(other);
    }

    assertThat(sum.dividedBy(1L << 62)).isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void givesSomethingForNoElements() {
    assertThat(Trees.inOneGo(Aggregates.count(), List.of())).isZero();
    assertThat(Trees.inOneGo(Aggregates.sum(Long::longValue), List.of()))
        .isEqualTo(new LongSum(0, false));
    assertThat(Trees.inOneGo(Aggregates.mean(Long::longValue), List.of()))
        .isEqualTo(new Mean(Double.NaN, 0));
    assertThat(Trees.inOneGo(Aggregates.sumOfDoubles(Double::doubleValue), List.of()))
        .isEqualTo(new DoubleSum(0, Double.NaN, 0, 0, 0, 0));
    assertThat(Trees.inOneGo(Aggregates.min(VarLongCoder.of()), List.of())).isEmpty();
    assertThat(
            Trees.inOneGo(
                Aggregates.topN(3, Comparator.<Long>naturalOrder(), VarLongCoder.of()), List.of()))
        .isEmpty();
    assertThat(Trees.inOneGo(Aggregates.distinctCount(String::valueOf), List.of())).isZero();
    assertThat(Trees.inOneGo(Aggregates.quantiles(Long::longValue, 0.5), List.of())).isEmpty();
    assertThat(
            Trees.inOneGo(Aggregates.quantilesOfDoubles(Double::doubleValue, 0.5), List.of()))
        .isEqualTo(new DoubleQuantiles(List.of(), 0));
    assertThat(Trees.inOneGo(Aggregates.frequentItems(String::valueOf, 3), List.of())).isEmpty();
  }

  @Test
  void leavesOutWhatIsNull() {
    List<String> texts = List.of("a", "null", "", "b");

    assertThat(
            Trees.inOneGo(
                Aggregates.distinctCount((String text) -> text.equals("null") ? null : text),
                texts))
        .isEqualTo(3);
    assertThat(
            Trees.inOneGo(
                Aggregates.frequentItems(
                    (String text) -> text.equals("null") ? null : text, 9),
                texts))
        .hasSize(3);
    assertThat(
            Trees.inOneGo(
                Aggregates.on(
                    (String text) -> text.equals("null") ? null : text, Aggregates.count()),
                texts))
        .isEqualTo(3);
  }

  @Test
  void keepsWithinTheSizesItStates() {
    Random random = new Random(7);
    List<Double> doubles =
        random.doubles(100_000).mapToObj(d -> Math.scalb(d, random.nextInt(2_000) - 1_000)).toList();

    assertThat(size(Aggregates.sumOfDoubles(Double::doubleValue), doubles)).isLessThan(300);
    assertThat(
            size(Aggregates.sumOfDoubles(Double::doubleValue), random.doubles(9_999).boxed().toList()))
        .isLessThan(30);
    assertThat(size(Aggregates.sum(Double::longValue), Collections.nCopies(99, 1e300)))
        .isLessThanOrEqualTo(18);
    assertThat(size(Aggregates.distinctCount(String::valueOf), doubles)).isLessThan(3_000);
    assertThat(size(Aggregates.quantiles(Double::longValue, 0.5), doubles)).isLessThan(200 * 32);
    assertThat(size(Aggregates.frequentItems(d -> "" + d.hashCode() % 9_999, 5), doubles))
        .isLessThan(768 * (8 + 12));
  }

  private static <T, A> int size(CombineFn<T, A, ?> fn, List<T> elements) {
    A accumulator = fn.createAccumulator();
    for (T element : elements) {
      accumulator = fn.addInput(accumulator, element);
    }
    try {
      return CoderUtils.encodeToByteArray(Trees.coder(fn), accumulator).length;
    } catch (CoderException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void refusesWhatCannotWork() {
    assertThatThrownBy(() -> Aggregates.distinctCount(String::valueOf, 3))
        .hasMessage("lg k is from 4 to 21, not 3");
    assertThatThrownBy(() -> Aggregates.quantiles(7, Long::longValue, 0.5))
        .hasMessage("k is from 8 to 65535, not 7");
    assertThatThrownBy(() -> Aggregates.quantiles(Long::longValue))
        .hasMessageContaining("name one rank at least");
    assertThatThrownBy(() -> Aggregates.quantiles(Long::longValue, 0.5, 1.01))
        .hasMessage("a rank is between 0 and 1, not 1.01");
    assertThatThrownBy(() -> Aggregates.frequentItems(String::valueOf, 5, 1_000))
        .hasMessageContaining("a power of 2, not 1000");
    assertThatThrownBy(
            () -> Aggregates.topN(0, Comparator.<Long>naturalOrder(), VarLongCoder.of()))
        .hasMessageContaining("from 1 to");
    assertThatThrownBy(() -> Aggregates.max(SerializableCoder.of(String.class)))
        .hasMessageContaining("their coder must be deterministic");
    assertThatThrownBy(
            () -> Aggregates.<String>max((a, b) -> a.compareTo(b), StringUtf8Coder.of()))
        .hasMessageContaining("the comparator must be Serializable");
    assertThatThrownBy(
            () -> Aggregates.on((Long n) -> n.doubleValue(), Top.<Double>largestFn(3)))
        .hasMessageContaining("on(field, coder, fn)");
  }

  @Test
  void givesAFunctionOfBeamTheCoderOfTheField() {
    CombineFn<Long, ?, List<Double>> largest =
        Aggregates.on(
            (Long number) -> number / 2.0, DoubleCoder.of(), Top.<Double>largestFn(2));

    assertThat(Trees.atRandom(largest, List.of(1L, 5L, 3L), new Random(1)))
        .containsExactly(2.5, 1.5);
  }
}
