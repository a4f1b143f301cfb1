package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.display.DisplayData;

/**
 * Several functions over the same elements in one pass. The accumulator is an array of theirs; the
 * results are put together by a function.
 */
final class ComposedFn<T, R> extends CombineFn<T, Object[], R> {

  private static final long serialVersionUID = 1L;

  private final ArrayList<CombineFn<T, Object, Object>> fns;
  private final SerializableFunction<Object[], R> together;
  private final Coder<R> resultCoder;

  ComposedFn(
      SerializableFunction<Object[], R> together,
      Coder<R> resultCoder,
      List<CombineFn<? super T, ?, ?>> fns) {
    this.fns = new ArrayList<>();
    fns.forEach(fn -> this.fns.add(untyped(fn)));
    this.together = together;
    this.resultCoder = resultCoder;
  }

  @SuppressWarnings("unchecked") // each is only ever given what it has made itself
  private static <T> CombineFn<T, Object, Object> untyped(CombineFn<? super T, ?, ?> fn) {
    return (CombineFn<T, Object, Object>) fn;
  }

  List<CombineFn<T, Object, Object>> parts() {
    return Collections.unmodifiableList(fns);
  }

  @Override
  public Object[] createAccumulator() {
    Object[] accumulators = new Object[fns.size()];
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = fns.get(i).createAccumulator();
    }
    return accumulators;
  }

  @Override
  public Object[] addInput(Object[] accumulators, T element) {
    for (int i = 0; i < accumulators.length; i++) {
      accumulators[i] = fns.get(i).addInput(accumulators[i], element);
    }
    return accumulators;
  }

  @Override
  public Object[] mergeAccumulators(Iterable<Object[]> several) {
    List<List<Object>> columns = new ArrayList<>();
    fns.forEach(fn -> columns.add(toMerge(fn)));
    for (Object[] accumulators : several) {
      for (int i = 0; i < accumulators.length; i++) {
        columns.get(i).add(accumulators[i]);
      }
    }
    Object[] merged = new Object[fns.size()];
    for (int i = 0; i < merged.length; i++) {
      merged[i] = fns.get(i).mergeAccumulators(columns.get(i));
    }
    return merged;
  }

  /**
   * Returns a list to put accumulators into. Some of Beam's functions merge into the first one,
   * which the runner may keep: that is a new one then.
   */
  static <A> List<A> toMerge(CombineFn<?, A, ?> fn) {
    List<A> accumulators = new ArrayList<>();
    if (!(fn instanceof AggregateFn)) {
      accumulators.add(fn.createAccumulator());
    }
    return accumulators;
  }

  @Override
  public Object[] compact(Object[] accumulators) {
    Object[] compacted = new Object[accumulators.length];
    for (int i = 0; i < compacted.length; i++) {
      compacted[i] = fns.get(i).compact(accumulators[i]);
    }
    return compacted;
  }

  @Override
  public R extractOutput(Object[] accumulators) {
    Object[] results = new Object[accumulators.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = fns.get(i).extractOutput(accumulators[i]);
    }
    return together.apply(results);
  }

  @Override
  public Coder<Object[]> getAccumulatorCoder(CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    List<Coder<Object>> coders = new ArrayList<>();
    for (CombineFn<T, Object, Object> fn : fns) {
      coders.add(fn.getAccumulatorCoder(registry, inputCoder));
    }
    return VersionedCoder.of("a composition of " + coders.size(), new PartsCoder(coders));
  }

  @Override
  public Coder<R> getDefaultOutputCoder(CoderRegistry registry, Coder<T> inputCoder) {
    return resultCoder;
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    for (int i = 0; i < fns.size(); i++) {
      builder.include("part" + i, fns.get(i));
    }
  }

  @SuppressWarnings("unchecked") // the function reads elements of a wider type
  static <T, A> Coder<A> accumulatorCoder(
      CombineFn<? super T, A, ?> fn, CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    return ((CombineFn<T, A, ?>) fn).getAccumulatorCoder(registry, inputCoder);
  }

  @SuppressWarnings("unchecked") // the function reads elements of a wider type
  static <T, R> Coder<R> resultCoder(
      CombineFn<? super T, ?, R> fn, CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    return ((CombineFn<T, ?, R>) fn).getDefaultOutputCoder(registry, inputCoder);
  }

  /** Writes the accumulators one after the other, each with its own coder. */
  private static final class PartsCoder extends StructuredCoder<Object[]> {

    private static final long serialVersionUID = 1L;

    private final ArrayList<Coder<Object>> coders;

    PartsCoder(List<Coder<Object>> coders) {
      this.coders = new ArrayList<>(coders);
    }

    @Override
    public void encode(Object[] accumulators, OutputStream out) throws IOException {
      for (int i = 0; i < accumulators.length; i++) {
        coders.get(i).encode(accumulators[i], out);
      }
    }

    @Override
    public Object[] decode(InputStream in) throws IOException {
      Object[] accumulators = new Object[coders.size()];
      for (int i = 0; i < accumulators.length; i++) {
        accumulators[i] = coders.get(i).decode(in);
      }
      return accumulators;
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return coders;
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(
          this, "the accumulators' coders must be deterministic", new ArrayList<Coder<?>>(coders));
    }
  }
}
