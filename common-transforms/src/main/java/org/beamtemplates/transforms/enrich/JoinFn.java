package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNullElse;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableBiFunction;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * Pairs each element with all those of the other side that have come before it, and keeps it for
 * those that come after. So each pair is made once, by its later element.
 *
 * <p>Whether elements have found a partner need not be kept: all of one side have, if the other
 * side has had any.
 */
final class JoinFn<K, L, R, P> extends DoFn<KV<K, Side<L, R>>, Ingested<P>> {

  private static final long serialVersionUID = 1L;
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String LEFT_COUNT = "left-count";
  private static final String RIGHT_COUNT = "right-count";

  private final SerializableBiFunction<L, R, P> pair;
  private final int maxElements;
  private final TupleTag<Ingested<P>> pairs;
  private final TupleTag<Unjoined<L>> unjoinedLeft;
  private final TupleTag<Unjoined<R>> unjoinedRight;

  @StateId(LEFT)
  private final StateSpec<BagState<Held<L>>> leftSpec;

  @StateId(RIGHT)
  private final StateSpec<BagState<Held<R>>> rightSpec;

  @StateId(LEFT_COUNT)
  private final StateSpec<ValueState<Integer>> leftCountSpec = StateSpecs.value(VarIntCoder.of());

  @StateId(RIGHT_COUNT)
  private final StateSpec<ValueState<Integer>> rightCountSpec = StateSpecs.value(VarIntCoder.of());

  JoinFn(
      SerializableBiFunction<L, R, P> pair,
      int maxElements,
      Coder<Held<L>> leftCoder,
      Coder<Held<R>> rightCoder,
      TupleTag<Ingested<P>> pairs,
      TupleTag<Unjoined<L>> unjoinedLeft,
      TupleTag<Unjoined<R>> unjoinedRight) {
    this.pair = pair;
    this.maxElements = maxElements;
    this.leftSpec = StateSpecs.bag(leftCoder);
    this.rightSpec = StateSpecs.bag(rightCoder);
    this.pairs = pairs;
    this.unjoinedLeft = unjoinedLeft;
    this.unjoinedRight = unjoinedRight;
  }

  @ProcessElement
  public void process(
      @Element KV<K, Side<L, R>> element,
      BoundedWindow window,
      @StateId(LEFT) BagState<Held<L>> lefts,
      @StateId(RIGHT) BagState<Held<R>> rights,
      @StateId(LEFT_COUNT) ValueState<Integer> leftCount,
      @StateId(RIGHT_COUNT) ValueState<Integer> rightCount,
      MultiOutputReceiver outputs) {
    Held<L> left = element.getValue().left();
    if (left != null) {
      if (!keep(left, lefts, leftCount)) {
        surplus(left, window, outputs.get(unjoinedLeft));
        return;
      }
      for (Held<R> right : rights.read()) {
        output(left, right, outputs.get(pairs));
      }
      return;
    }
    Held<R> right = element.getValue().right();
    if (!keep(right, rights, rightCount)) {
      surplus(right, window, outputs.get(unjoinedRight));
      return;
    }
    for (Held<L> other : lefts.read()) {
      output(other, right, outputs.get(pairs));
    }
  }

  @OnWindowExpiration
  public void close(
      BoundedWindow window,
      @StateId(LEFT) BagState<Held<L>> lefts,
      @StateId(RIGHT) BagState<Held<R>> rights,
      @StateId(LEFT_COUNT) ValueState<Integer> leftCount,
      @StateId(RIGHT_COUNT) ValueState<Integer> rightCount,
      MultiOutputReceiver outputs) {
    if (rightCount.read() == null) {
      unmatched(lefts, window, outputs.get(unjoinedLeft));
    }
    if (leftCount.read() == null) {
      unmatched(rights, window, outputs.get(unjoinedRight));
    }
  }

  private <T> boolean keep(Held<T> element, BagState<Held<T>> kept, ValueState<Integer> count) {
    int before = requireNonNullElse(count.read(), 0);
    if (before >= maxElements) {
      return false;
    }
    kept.add(element);
    count.write(before + 1);
    return true;
  }

  private void output(Held<L> left, Held<R> right, OutputReceiver<Ingested<P>> output) {
    Ingested<L> one = left.element();
    Ingested<R> other = right.element();
    output.outputWithTimestamp(
        new Ingested<>(
            pair.apply(one.value(), other.value()),
            one.origin(),
            Math.max(one.watermarkMillis(), other.watermarkMillis())),
        Instant.ofEpochMilli(Math.max(left.eventTimeMillis(), right.eventTimeMillis())));
  }

  private static <T> void surplus(
      Held<T> element, BoundedWindow window, OutputReceiver<Unjoined<T>> output) {
    output.output(
        new Unjoined<>(
            element.element(), element.eventTimeMillis(), window, Unjoined.Reason.SURPLUS));
  }

  private static <T> void unmatched(
      BagState<Held<T>> kept, BoundedWindow window, OutputReceiver<Unjoined<T>> output) {
    for (Held<T> element : kept.read()) {
      output.output(
          new Unjoined<>(
              element.element(), element.eventTimeMillis(), window, Unjoined.Reason.UNMATCHED));
    }
  }
}
