package org.beamtemplates.transforms.aggregate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StructuredCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;

/**
 * Combines as another function does, and counts the elements, so that a pane without any can be
 * told from one that combined to nothing.
 *
 * <p>Beam fires an empty pane when the watermark passes several timers of a window at once, as it
 * does at the end of bounded input on Flink: the first timer emits the result and clears the
 * window, the second finds nothing and emits that, with the revision of a first pane.
 */
final class CountedFn<T, AccumT, R> extends CombineFn<T, CountedFn.Counted<AccumT>, KV<Long, R>> {

  private static final long serialVersionUID = 1L;

  /** An accumulator and the number of elements in it. */
  record Counted<AccumT>(long count, AccumT accumulator) {}

  private final CombineFn<T, AccumT, R> fn;

  CountedFn(CombineFn<T, AccumT, R> fn) {
    this.fn = fn;
  }

  @Override
  public Counted<AccumT> createAccumulator() {
    return new Counted<>(0, fn.createAccumulator());
  }

  @Override
  public Counted<AccumT> addInput(Counted<AccumT> counted, T input) {
    return new Counted<>(counted.count() + 1, fn.addInput(counted.accumulator(), input));
  }

  @Override
  public Counted<AccumT> mergeAccumulators(Iterable<Counted<AccumT>> several) {
    long count = 0;
    List<AccumT> accumulators = new ArrayList<>();
    for (Counted<AccumT> counted : several) {
      count += counted.count();
      accumulators.add(counted.accumulator());
    }
    return new Counted<>(count, fn.mergeAccumulators(accumulators));
  }

  @Override
  public Counted<AccumT> compact(Counted<AccumT> counted) {
    return new Counted<>(counted.count(), fn.compact(counted.accumulator()));
  }

  @Override
  public KV<Long, R> extractOutput(Counted<AccumT> counted) {
    return KV.of(counted.count(), fn.extractOutput(counted.accumulator()));
  }

  @Override
  public Coder<Counted<AccumT>> getAccumulatorCoder(CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    return new CountedCoder<>(fn.getAccumulatorCoder(registry, inputCoder));
  }

  @Override
  public Coder<KV<Long, R>> getDefaultOutputCoder(CoderRegistry registry, Coder<T> inputCoder)
      throws CannotProvideCoderException {
    return KvCoder.of(VarLongCoder.of(), fn.getDefaultOutputCoder(registry, inputCoder));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder.delegate(fn);
  }

  private static final class CountedCoder<AccumT> extends StructuredCoder<Counted<AccumT>> {

    private static final long serialVersionUID = 1L;
    private static final VarLongCoder COUNT = VarLongCoder.of();

    private final Coder<AccumT> accumulatorCoder;

    CountedCoder(Coder<AccumT> accumulatorCoder) {
      this.accumulatorCoder = accumulatorCoder;
    }

    @Override
    public void encode(Counted<AccumT> counted, OutputStream out) throws IOException {
      COUNT.encode(counted.count(), out);
      accumulatorCoder.encode(counted.accumulator(), out);
    }

    @Override
    public Counted<AccumT> decode(InputStream in) throws IOException {
      long count = COUNT.decode(in);
      return new Counted<>(count, accumulatorCoder.decode(in));
    }

    @Override
    public List<? extends Coder<?>> getCoderArguments() {
      return List.of(accumulatorCoder);
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      verifyDeterministic(this, "the accumulator's coder must be deterministic", accumulatorCoder);
    }
  }
}
