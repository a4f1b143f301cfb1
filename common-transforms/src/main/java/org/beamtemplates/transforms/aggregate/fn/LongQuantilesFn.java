package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.datasketches.kll.KllLongsSketch;
import org.apache.datasketches.memory.Memory;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/** Estimates quantiles of longs with a KLL sketch. */
final class LongQuantilesFn<T> extends AggregateFn<T, KllLongsSketch, List<Long>> {

  private static final long serialVersionUID = 1L;
  private static final Coder<KllLongsSketch> CODER =
      VersionedCoder.of("quantiles", new SketchCoder());

  private final ToLong<T> number;
  private final int k;
  private final double[] ranks;

  LongQuantilesFn(ToLong<T> number, int k, double... ranks) {
    this.number = number;
    this.k = k;
    this.ranks = Sketches.checkedRanks(ranks);
  }

  @Override
  public KllLongsSketch createAccumulator() {
    return KllLongsSketch.newHeapInstance(k);
  }

  @Override
  public KllLongsSketch addInput(KllLongsSketch sketch, T element) {
    sketch.update(number.applyAsLong(element));
    return sketch;
  }

  @Override
  public KllLongsSketch mergeAccumulators(Iterable<KllLongsSketch> sketches) {
    KllLongsSketch merged = createAccumulator();
    sketches.forEach(merged::merge);
    return merged;
  }

  @Override
  public List<Long> extractOutput(KllLongsSketch sketch) {
    return sketch.isEmpty()
        ? List.of()
        : Arrays.stream(sketch.getQuantiles(ranks, QuantileSearchCriteria.INCLUSIVE))
            .boxed()
            .toList();
  }

  @Override
  Coder<KllLongsSketch> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<List<Long>> resultCoder() {
    return ListCoder.of(VarLongCoder.of());
  }

  /** Writes the sketch in its own compact format. */
  private static final class SketchCoder extends CustomCoder<KllLongsSketch> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(KllLongsSketch sketch, OutputStream out) throws IOException {
      ByteArrayCoder.of().encode(sketch.toByteArray(), out);
    }

    @Override
    public KllLongsSketch decode(InputStream in) throws IOException {
      return KllLongsSketch.heapify(Memory.wrap(ByteArrayCoder.of().decode(in)));
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      throw Sketches.nonDeterministic(this);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SketchCoder;
    }

    @Override
    public int hashCode() {
      return SketchCoder.class.hashCode();
    }
  }
}
