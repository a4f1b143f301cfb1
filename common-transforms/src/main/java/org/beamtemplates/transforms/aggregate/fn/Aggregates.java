package org.beamtemplates.transforms.aggregate.fn;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.coders.BigIntegerCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Aggregates that are ready to use in a {@code WindowedAggregation}, or anywhere that Beam takes a
 * {@code CombineFn}, and that compose: all of them in one pass, with a typed result.
 *
 * <pre>{@code
 * events.apply(
 *     "Orders",
 *     WindowedAggregation.by(Order::shop, StringUtf8Coder.of())
 *         .inFixedWindows(Duration.ofMinutes(1))
 *         .combining(
 *             Aggregates.compose(
 *                 Aggregates.count(),
 *                 Aggregates.sum(Order::cents),
 *                 Aggregates.distinctCount(Order::customer),
 *                 OrderStatistics::new,
 *                 OrderStatistics.coder())));
 * }</pre>
 *
 * <p><b>Order.</b> Results do not depend on the order in which elements come and accumulators are
 * merged, to the last bit, except those of quantiles and frequent items once there are more than
 * their sketch keeps: these stay within the stated error.
 *
 * <p><b>Accumulators.</b> Adding an element may change the accumulator that it is added to. Merging
 * makes a new one, and never changes those that are merged. Each is encoded with its own compact
 * coder, which begins with the version of its format; another version is refused with a message.
 * The sizes below are the largest, encoded, without the elements that are kept. One more byte each
 * if composed.
 *
 * <p><b>Extractors</b> must not throw: an exception fails the bundle, which the runner repeats, in
 * a streaming job for ever. Check in the ingestion ({@code Validator}) what a later step relies on.
 * Nothing here throws itself: an overflow or a NaN is a result.
 */
public final class Aggregates {

  /** The accuracy of {@link #distinctCount(SerializableFunction)}: a standard error of 1.6 %. */
  public static final int DEFAULT_LG_K = 12;

  /** The accuracy of quantiles: 1.3 % in rank. */
  public static final int DEFAULT_K = 200;

  /** The size of the table of {@link #frequentItems(SerializableFunction, int)}. */
  public static final int DEFAULT_MAP_SIZE = 1_024;

  private static final int MIN_LG_K = 4;
  private static final int MAX_LG_K = 21;
  private static final int MIN_K = 8;
  private static final int MAX_K = 65_535;
  private static final int MIN_MAP_SIZE = 8;
  private static final int MAX_MAP_SIZE = 1 << 20;

  private Aggregates() {}

  /** The number of elements. Accumulator: 11 bytes. */
  public static <T> CombineFn<T, ?, Long> count() {
    return new CountFn<>();
  }

  /**
   * The sum of a whole number, with whether it overflowed. It is added up in 128 bits: an overflow
   * that a later element takes back is none. Accumulator: 18 bytes.
   *
   * @param number takes the number from an element; must not throw
   */
  public static <T> CombineFn<T, ?, LongSum> sum(ToLong<T> number) {
    return new LongSumFn<>(
        requireNonNull(number, "number"),
        sum -> new LongSum(sum.clamped(), !sum.isLong()),
        LongSum.coder());
  }

  /**
   * The sum of a whole number, whatever its size. Accumulator: 18 bytes.
   *
   * @param number takes the number from an element; must not throw
   */
  public static <T> CombineFn<T, ?, BigInteger> bigSum(ToLong<T> number) {
    return new LongSumFn<>(
        requireNonNull(number, "number"), Int128::toBigInteger, BigIntegerCoder.of());
  }

  /**
   * The mean of a whole number: the double nearest to the exact one. Accumulator: 28 bytes.
   *
   * @param number takes the number from an element; must not throw
   */
  public static <T> CombineFn<T, ?, Mean> mean(ToLong<T> number) {
    return new MeanFn<>(requireNonNull(number, "number"));
  }

  /**
   * Sum and mean of a floating-point number. The finite numbers are added up exactly and rounded
   * once, in the end; NaN and infinities are counted apart. Accumulator: 300 bytes; some 30 if the
   * numbers are of similar size, and 600 bytes in memory.
   *
   * @param number takes the number from an element; must not throw
   */
  public static <T> CombineFn<T, ?, DoubleSum> sumOfDoubles(ToDouble<T> number) {
    return new DoubleSumFn<>(requireNonNull(number, "number"));
  }

  /**
   * The least element; none if there are no elements. Of several that compare as equal, the one
   * whose bytes come first. Accumulator: 2 bytes and an element.
   *
   * @param comparator a serializable comparator
   * @param coder deterministic coder of the elements
   */
  public static <T> CombineFn<T, ?, Optional<T>> min(
      Comparator<? super T> comparator, Coder<T> coder) {
    return new LeastFn<>("min", new ByOrder<>(comparator, coder), false, coder);
  }

  /**
   * The least element in its natural order, as {@link #min(Comparator, Coder)}.
   *
   * @param coder deterministic coder of the elements
   */
  public static <T extends Comparable<? super T>> CombineFn<T, ?, Optional<T>> min(Coder<T> coder) {
    return min(Comparator.naturalOrder(), coder);
  }

  /**
   * The greatest element; none if there are no elements. Of several that compare as equal, the one
   * whose bytes come last. Accumulator: 2 bytes and an element.
   *
   * @param comparator a serializable comparator
   * @param coder deterministic coder of the elements
   */
  public static <T> CombineFn<T, ?, Optional<T>> max(
      Comparator<? super T> comparator, Coder<T> coder) {
    return new LeastFn<>("max", new ByOrder<>(comparator, coder), true, coder);
  }

  /**
   * The greatest element in its natural order, as {@link #max(Comparator, Coder)}.
   *
   * @param coder deterministic coder of the elements
   */
  public static <T extends Comparable<? super T>> CombineFn<T, ?, Optional<T>> max(Coder<T> coder) {
    return max(Comparator.naturalOrder(), coder);
  }

  /**
   * The first element by event time, not by arrival; none if there are no elements. Of several at
   * the same time, the one whose bytes come first. Accumulator: 2 bytes and an element.
   *
   * @param timeMillis takes the event time from an element, in milliseconds; must not throw
   * @param coder deterministic coder of the elements
   */
  public static <T> CombineFn<T, ?, Optional<T>> first(ToLong<T> timeMillis, Coder<T> coder) {
    return new LeastFn<>("first", byTime(timeMillis, coder), false, coder);
  }

  /**
   * The last element by event time, not by arrival; none if there are no elements. Of several at
   * the same time, the one whose bytes come last. Accumulator: 2 bytes and an element.
   *
   * @param timeMillis takes the event time from an element, in milliseconds; must not throw
   * @param coder deterministic coder of the elements
   */
  public static <T> CombineFn<T, ?, Optional<T>> last(ToLong<T> timeMillis, Coder<T> coder) {
    return new LeastFn<>("last", byTime(timeMillis, coder), true, coder);
  }

  /**
   * The largest elements, largest first. Equal ones are all kept; those that only compare as equal
   * are ordered by their bytes. Accumulator: 5 bytes and {@code count} elements.
   *
   * @param count how many, from 1
   * @param comparator a serializable comparator
   * @param coder deterministic coder of the elements
   */
  public static <T> CombineFn<T, ?, List<T>> topN(
      int count, Comparator<? super T> comparator, Coder<T> coder) {
    checkRange("the number of elements", count, 1, Integer.MAX_VALUE - 1);
    return new TopFn<>(count, new ByOrder<>(comparator, coder), coder);
  }

  /**
   * About the number of distinct texts, as {@link #distinctCount(SerializableFunction, int)}, with
   * lg k = {@value #DEFAULT_LG_K}. Accumulator: 3 KB.
   */
  public static <T> CombineFn<T, ?, Long> distinctCount(
      SerializableFunction<T, @Nullable String> id) {
    return distinctCount(id, DEFAULT_LG_K);
  }

  /**
   * About the number of distinct texts, by HyperLogLog of Apache DataSketches: almost exact up to
   * some k/8, then with a standard error of 1.04 / sqrt(k). The empty text is one of them; null is
   * none. Accumulator: some 0.7 k bytes; k bytes in memory.
   *
   * @param id takes the text from an element; must not throw
   * @param lgK logarithm of k to the base 2, from 4 to 21
   */
  public static <T> CombineFn<T, ?, Long> distinctCount(
      SerializableFunction<T, @Nullable String> id, int lgK) {
    checkRange("lg k", lgK, MIN_LG_K, MAX_LG_K);
    return new DistinctFn<>(requireNonNull(id, "id"), lgK);
  }

  /**
   * Quantiles of a whole number, as {@link #quantiles(int, ToLong, double...)}, with k = {@value
   * #DEFAULT_K}.
   */
  public static <T> CombineFn<T, ?, List<Long>> quantiles(ToLong<T> number, double... ranks) {
    return quantiles(DEFAULT_K, number, ranks);
  }

  /**
   * Quantiles of a whole number, by a KLL sketch of Apache DataSketches: numbers that occurred,
   * exact up to k of them, then with an error in rank of about 1.3 % for k = 200, and less for more
   * in proportion. In the order of the ranks; empty if there are no elements. Accumulator: some 32 k
   * bytes.
   *
   * @param k accuracy, from 8 to 65535
   * @param number takes the number from an element; must not throw
   * @param ranks which quantiles, each from 0 to 1: 0.5 is the median
   */
  public static <T> CombineFn<T, ?, List<Long>> quantiles(
      int k, ToLong<T> number, double... ranks) {
    checkRange("k", k, MIN_K, MAX_K);
    return new LongQuantilesFn<>(requireNonNull(number, "number"), k, ranks);
  }

  /**
   * Quantiles of a floating-point number, as {@link #quantilesOfDoubles(int, ToDouble, double...)},
   * with k = {@value #DEFAULT_K}.
   */
  public static <T> CombineFn<T, ?, DoubleQuantiles> quantilesOfDoubles(
      ToDouble<T> number, double... ranks) {
    return quantilesOfDoubles(DEFAULT_K, number, ranks);
  }

  /**
   * Quantiles of a floating-point number, as {@link #quantiles(int, ToLong, double...)}. NaN is left
   * out and counted; infinities are numbers at the ends.
   *
   * @param k accuracy, from 8 to 65535
   * @param number takes the number from an element; must not throw
   * @param ranks which quantiles, each from 0 to 1: 0.5 is the median
   */
  public static <T> CombineFn<T, ?, DoubleQuantiles> quantilesOfDoubles(
      int k, ToDouble<T> number, double... ranks) {
    checkRange("k", k, MIN_K, MAX_K);
    return new DoubleQuantilesFn<>(requireNonNull(number, "number"), k, ranks);
  }

  /**
   * The most frequent texts, as {@link #frequentItems(SerializableFunction, int, int)}, with a table
   * of {@value #DEFAULT_MAP_SIZE}.
   */
  public static <T> CombineFn<T, ?, List<FrequentItem>> frequentItems(
      SerializableFunction<T, @Nullable String> item, int count) {
    return frequentItems(item, count, DEFAULT_MAP_SIZE);
  }

  /**
   * The most frequent texts, most frequent first, and in their own order where equally frequent, by
   * a frequent-items sketch of Apache DataSketches: exact while there are no more than three
   * quarters of {@code mapSize} different ones, then with the bounds that each item names, which are
   * apart by 3.5 / mapSize of all at most. Null is none. Accumulator: 8 bytes and a text for each of
   * three quarters of {@code mapSize}.
   *
   * @param item takes the text from an element; must not throw
   * @param count how many, from 1
   * @param mapSize size of the table, a power of 2 from 8 to 2^20
   */
  public static <T> CombineFn<T, ?, List<FrequentItem>> frequentItems(
      SerializableFunction<T, @Nullable String> item, int count, int mapSize) {
    checkRange("the number of items", count, 1, Integer.MAX_VALUE);
    checkRange("the size of the table", mapSize, MIN_MAP_SIZE, MAX_MAP_SIZE);
    if (Integer.bitCount(mapSize) != 1) {
      throw new IllegalArgumentException(
          "the size of the table must be a power of 2, not " + mapSize);
    }
    return new FrequentFn<>(requireNonNull(item, "item"), count, mapSize);
  }

  /**
   * An aggregate of this package over a field of the elements; one that is null is left out.
   *
   * @param field takes the field from an element; must not throw
   * @param fn the aggregate, or a composition of those of this package
   */
  public static <T, FieldT, R> CombineFn<T, ?, R> on(
      SerializableFunction<T, @Nullable FieldT> field, CombineFn<? super FieldT, ?, R> fn) {
    if (!knowsItsCoders(fn)) {
      throw new IllegalArgumentException(
          fn.getClass().getName()
              + " is not of this package and may need the coder of the field: on(field, coder, fn)");
    }
    return new FieldFn<>(requireNonNull(field, "field"), null, fn);
  }

  /**
   * Any function over a field of the elements; one that is null is left out.
   *
   * @param field takes the field from an element; must not throw
   * @param fieldCoder coder of the field
   * @param fn the function
   */
  public static <T, FieldT, R> CombineFn<T, ?, R> on(
      SerializableFunction<T, @Nullable FieldT> field,
      Coder<FieldT> fieldCoder,
      CombineFn<? super FieldT, ?, R> fn) {
    return new FieldFn<>(
        requireNonNull(field, "field"), requireNonNull(fieldCoder, "fieldCoder"), fn);
  }

  /**
   * Two aggregates over the same elements in one pass. Own functions fit in; what
   * they merge begins with an empty accumulator, since some of Beam's change the first.
   *
   * @param together makes the result of theirs; must not throw
   * @param coder coder of the result
   */
  public static <T, A, B, R> CombineFn<T, ?, R> compose(
      CombineFn<? super T, ?, A> a,
      CombineFn<? super T, ?, B> b,
      SerializableBiFunction<A, B, R> together,
      Coder<R> coder) {
    requireNonNull(together, "together");
    @SuppressWarnings("unchecked") // in the order of the functions
    SerializableFunction<Object[], R> result = parts -> together.apply((A) parts[0], (B) parts[1]);
    return new ComposedFn<>(result, requireNonNull(coder, "coder"), List.of(a, b));
  }

  /**
   * Three aggregates over the same elements in one pass. Own functions fit in; what
   * they merge begins with an empty accumulator, since some of Beam's change the first.
   *
   * @param together makes the result of theirs; must not throw
   * @param coder coder of the result
   */
  public static <T, A, B, C, R> CombineFn<T, ?, R> compose(
      CombineFn<? super T, ?, A> a,
      CombineFn<? super T, ?, B> b,
      CombineFn<? super T, ?, C> c,
      Together3<A, B, C, R> together,
      Coder<R> coder) {
    requireNonNull(together, "together");
    @SuppressWarnings("unchecked") // in the order of the functions
    SerializableFunction<Object[], R> result = parts -> together.apply((A) parts[0], (B) parts[1], (C) parts[2]);
    return new ComposedFn<>(result, requireNonNull(coder, "coder"), List.of(a, b, c));
  }

  /**
   * Four aggregates over the same elements in one pass. Own functions fit in; what
   * they merge begins with an empty accumulator, since some of Beam's change the first.
   *
   * @param together makes the result of theirs; must not throw
   * @param coder coder of the result
   */
  public static <T, A, B, C, D, R> CombineFn<T, ?, R> compose(
      CombineFn<? super T, ?, A> a,
      CombineFn<? super T, ?, B> b,
      CombineFn<? super T, ?, C> c,
      CombineFn<? super T, ?, D> d,
      Together4<A, B, C, D, R> together,
      Coder<R> coder) {
    requireNonNull(together, "together");
    @SuppressWarnings("unchecked") // in the order of the functions
    SerializableFunction<Object[], R> result = parts -> together.apply((A) parts[0], (B) parts[1], (C) parts[2], (D) parts[3]);
    return new ComposedFn<>(result, requireNonNull(coder, "coder"), List.of(a, b, c, d));
  }

  /**
   * Five aggregates over the same elements in one pass. Own functions fit in; what
   * they merge begins with an empty accumulator, since some of Beam's change the first.
   *
   * @param together makes the result of theirs; must not throw
   * @param coder coder of the result
   */
  public static <T, A, B, C, D, E, R> CombineFn<T, ?, R> compose(
      CombineFn<? super T, ?, A> a,
      CombineFn<? super T, ?, B> b,
      CombineFn<? super T, ?, C> c,
      CombineFn<? super T, ?, D> d,
      CombineFn<? super T, ?, E> e,
      Together5<A, B, C, D, E, R> together,
      Coder<R> coder) {
    requireNonNull(together, "together");
    @SuppressWarnings("unchecked") // in the order of the functions
    SerializableFunction<Object[], R> result = parts -> together.apply((A) parts[0], (B) parts[1], (C) parts[2], (D) parts[3], (E) parts[4]);
    return new ComposedFn<>(result, requireNonNull(coder, "coder"), List.of(a, b, c, d, e));
  }

  /**
   * Six aggregates over the same elements in one pass. Own functions fit in; what
   * they merge begins with an empty accumulator, since some of Beam's change the first.
   *
   * @param together makes the result of theirs; must not throw
   * @param coder coder of the result
   */
  public static <T, A, B, C, D, E, F, R> CombineFn<T, ?, R> compose(
      CombineFn<? super T, ?, A> a,
      CombineFn<? super T, ?, B> b,
      CombineFn<? super T, ?, C> c,
      CombineFn<? super T, ?, D> d,
      CombineFn<? super T, ?, E> e,
      CombineFn<? super T, ?, F> f,
      Together6<A, B, C, D, E, F, R> together,
      Coder<R> coder) {
    requireNonNull(together, "together");
    @SuppressWarnings("unchecked") // in the order of the functions
    SerializableFunction<Object[], R> result = parts -> together.apply((A) parts[0], (B) parts[1], (C) parts[2], (D) parts[3], (E) parts[4], (F) parts[5]);
    return new ComposedFn<>(result, requireNonNull(coder, "coder"), List.of(a, b, c, d, e, f));
  }

  /** Makes one result of three; must not throw. */
  @FunctionalInterface
  public interface Together3<A, B, C, R> extends Serializable {

    /** Returns the result. */
    R apply(A a, B b, C c);
  }

  /** Makes one result of four; must not throw. */
  @FunctionalInterface
  public interface Together4<A, B, C, D, R> extends Serializable {

    /** Returns the result. */
    R apply(A a, B b, C c, D d);
  }

  /** Makes one result of five; must not throw. */
  @FunctionalInterface
  public interface Together5<A, B, C, D, E, R> extends Serializable {

    /** Returns the result. */
    R apply(A a, B b, C c, D d, E e);
  }

  /** Makes one result of six; must not throw. */
  @FunctionalInterface
  public interface Together6<A, B, C, D, E, F, R> extends Serializable {

    /** Returns the result. */
    R apply(A a, B b, C c, D d, E e, F f);
  }

  private static <T> ByOrder<T> byTime(ToLong<T> timeMillis, Coder<T> coder) {
    requireNonNull(timeMillis, "timeMillis");
    Comparator<T> comparator =
        (Comparator<T> & Serializable)
            (one, other) ->
                Long.compare(timeMillis.applyAsLong(one), timeMillis.applyAsLong(other));
    return new ByOrder<>(comparator, coder);
  }

  private static boolean knowsItsCoders(CombineFn<?, ?, ?> fn) {
    return fn instanceof AggregateFn
        || fn instanceof FieldFn
        || (fn instanceof ComposedFn<?, ?> composed
            && composed.parts().stream().allMatch(Aggregates::knowsItsCoders));
  }

  private static void checkRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is from " + least + " to " + most + ", not " + value);
    }
  }
}
