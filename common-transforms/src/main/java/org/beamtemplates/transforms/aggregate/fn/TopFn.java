package org.beamtemplates.transforms.aggregate.fn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;

/** The largest n elements, largest first. The accumulator is a list in that order. */
final class TopFn<T> extends AggregateFn<T, List<T>, List<T>> {

  private static final long serialVersionUID = 1L;

  private final int count;
  private final ByOrder<T> order;
  private final Coder<List<T>> coder;
  private final Coder<List<T>> accumulatorCoder;

  TopFn(int count, ByOrder<T> order, Coder<T> coder) {
    this.count = count;
    this.order = order;
    this.coder = ListCoder.of(coder);
    this.accumulatorCoder = VersionedCoder.of("topN", this.coder);
  }

  @Override
  public List<T> createAccumulator() {
    return new ArrayList<>();
  }

  @Override
  public List<T> addInput(List<T> top, T element) {
    int size = top.size();
    if (size == count && order.compare(element, top.get(size - 1)) <= 0) {
      return top;
    }
    // A runner may have decoded it into a list that cannot grow.
    List<T> grown = top instanceof ArrayList ? top : new ArrayList<>(top);
    int found = Collections.binarySearch(grown, element, order.reversed());
    grown.add(found < 0 ? -found - 1 : found, element);
    if (grown.size() > count) {
      grown.remove(count);
    }
    return grown;
  }

  @Override
  public List<T> mergeAccumulators(Iterable<List<T>> several) {
    List<T> merged = createAccumulator();
    for (List<T> top : several) {
      for (T element : top) {
        merged = addInput(merged, element);
      }
    }
    return merged;
  }

  @Override
  public List<T> extractOutput(List<T> top) {
    return List.copyOf(top);
  }

  @Override
  Coder<List<T>> accumulatorCoder() {
    return accumulatorCoder;
  }

  @Override
  Coder<List<T>> resultCoder() {
    return coder;
  }
}
