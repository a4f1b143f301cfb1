package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;

/** Estimates the number of distinct texts with HyperLogLog. */
final class DistinctFn<T> extends AggregateFn<T, Union, Long> {

  private static final long serialVersionUID = 1L;
  private static final Coder<Union> CODER = VersionedCoder.of("distinctCount", new UnionCoder());

  /** Stands for the empty text, which the sketch would leave out. */
  private static final long[] EMPTY = {0x656D707479L, Long.MIN_VALUE};

  private final SerializableFunction<T, String> id;
  private final int lgK;

  DistinctFn(SerializableFunction<T, String> id, int lgK) {
    this.id = id;
    this.lgK = lgK;
  }

  @Override
  public Union createAccumulator() {
    return new Union(lgK);
  }

  @Override
  public Union addInput(Union sketch, T element) {
    String text = id.apply(element);
    if (text != null && text.isEmpty()) {
      sketch.update(EMPTY);
    } else {
      sketch.update(text);
    }
    return sketch;
  }

  @Override
  public Union mergeAccumulators(Iterable<Union> sketches) {
    Union merged = createAccumulator();
    for (Union sketch : sketches) {
      merged.update(sketch.getResult(TgtHllType.HLL_8));
    }
    return merged;
  }

  @Override
  public Long extractOutput(Union sketch) {
    // The other estimate is a little better as long as nothing was merged: it depends on the order.
    return Math.round(sketch.getCompositeEstimate());
  }

  @Override
  Coder<Union> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<Long> resultCoder() {
    return VarLongCoder.of();
  }

  /** Writes the sketch in its own compact format. */
  private static final class UnionCoder extends CustomCoder<Union> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(Union sketch, OutputStream out) throws IOException {
      ByteArrayCoder.of().encode(sketch.getResult(TgtHllType.HLL_4).toCompactByteArray(), out);
    }

    @Override
    public Union decode(InputStream in) throws IOException {
      HllSketch sketch = HllSketch.heapify(ByteArrayCoder.of().decode(in));
      Union union = new Union(sketch.getLgConfigK());
      union.update(sketch);
      return union;
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
      throw Sketches.nonDeterministic(this);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof UnionCoder;
    }

    @Override
    public int hashCode() {
      return UnionCoder.class.hashCode();
    }
  }
}
