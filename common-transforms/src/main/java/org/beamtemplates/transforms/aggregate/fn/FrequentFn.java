package org.beamtemplates.transforms.aggregate.fn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.memory.Memory;

/** Finds the most frequent texts with a frequent-items sketch. */
final class FrequentFn<T> extends AggregateFn<T, ItemsSketch<String>, List<FrequentItem>> {

  private static final long serialVersionUID = 1L;
  private static final Coder<ItemsSketch<String>> CODER =
      VersionedCoder.of("frequentItems", new SketchCoder());
  private static final Comparator<FrequentItem> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(FrequentItem::estimate)
          .reversed()
          .thenComparing(FrequentItem::item);

  private final SerializableFunction<T, String> item;
  private final int count;
  private final int mapSize;

  FrequentFn(SerializableFunction<T, String> item, int count, int mapSize) {
    this.item = item;
    this.count = count;
    this.mapSize = mapSize;
  }

  @Override
  public ItemsSketch<String> createAccumulator() {
    return new ItemsSketch<>(mapSize);
  }

  @Override
  public ItemsSketch<String> addInput(ItemsSketch<String> sketch, T element) {
    sketch.update(item.apply(element));
    return sketch;
  }

  @Override
  public ItemsSketch<String> mergeAccumulators(Iterable<ItemsSketch<String>> sketches) {
    ItemsSketch<String> merged = createAccumulator();
    sketches.forEach(merged::merge);
    return merged;
  }

  @Override
  public List<FrequentItem> extractOutput(ItemsSketch<String> sketch) {
    List<FrequentItem> items = new ArrayList<>();
    for (ItemsSketch.Row<String> row : sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES)) {
      items.add(new FrequentItem(row.getItem(), row.getEstimate(), row.getLowerBound()));
    }
    items.sort(MOST_FREQUENT_FIRST);
    return List.copyOf(items.subList(0, Math.min(count, items.size())));
  }

  @Override
  Coder<ItemsSketch<String>> accumulatorCoder() {
    return CODER;
  }

  @Override
  Coder<List<FrequentItem>> resultCoder() {
    return ListCoder.of(FrequentItem.coder());
  }

  /** Writes the sketch in its own format. */
  private static final class SketchCoder extends CustomCoder<ItemsSketch<String>> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(ItemsSketch<String> sketch, OutputStream out) throws IOException {
      ByteArrayCoder.of().encode(sketch.toByteArray(new ArrayOfStringsSerDe()), out);
    }

    @Override
    public ItemsSketch<String> decode(InputStream in) throws IOException {
      return ItemsSketch.getInstance(
          Memory.wrap(ByteArrayCoder.of().decode(in)), new ArrayOfStringsSerDe());
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
