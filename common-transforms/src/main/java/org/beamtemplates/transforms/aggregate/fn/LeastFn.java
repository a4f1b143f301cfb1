package org.beamtemplates.transforms.aggregate.fn;

import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.OptionalCoder;

/** The least element in an order; for the greatest, the order is turned round. */
final class LeastFn<T> extends AggregateFn<T, Optional<T>, Optional<T>> {

  private static final long serialVersionUID = 1L;

  private final ByOrder<T> order;
  private final boolean greatest;
  private final Coder<Optional<T>> coder;
  private final Coder<Optional<T>> accumulatorCoder;

  LeastFn(String what, ByOrder<T> order, boolean greatest, Coder<T> coder) {
    this.order = order;
    this.greatest = greatest;
    this.coder = OptionalCoder.of(coder);
    this.accumulatorCoder = VersionedCoder.of(what, this.coder);
  }

  @Override
  public Optional<T> createAccumulator() {
    return Optional.empty();
  }

  @Override
  public Optional<T> addInput(Optional<T> best, T element) {
    return best.isPresent() && !isBetter(element, best.get()) ? best : Optional.of(element);
  }

  @Override
  public Optional<T> mergeAccumulators(Iterable<Optional<T>> several) {
    Optional<T> merged = Optional.empty();
    for (Optional<T> best : several) {
      if (best.isPresent()) {
        merged = addInput(merged, best.get());
      }
    }
    return merged;
  }

  @Override
  public Optional<T> extractOutput(Optional<T> best) {
    return best;
  }

  private boolean isBetter(T element, T best) {
    int compared = order.compare(element, best);
    return greatest ? compared > 0 : compared < 0;
  }

  @Override
  Coder<Optional<T>> accumulatorCoder() {
    return accumulatorCoder;
  }

  @Override
  Coder<Optional<T>> resultCoder() {
    return coder;
  }
}
