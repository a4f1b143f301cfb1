package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.aggregate.CountedFn.Counted;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.bucket.BundleBuffer;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * What a bundle has combined, by slot: a slot has the elements that are in the same open windows,
 * such as those of a slice of sliding windows. An element is combined once, however many windows it
 * is in; a slot's accumulators go to each of its windows, and are not changed any more then.
 */
final class SlotBuffer<K, T, AccumT> {

  /** An accumulator of this bundle: nobody else has seen it, so it may change. */
  private static final class Partial<AccumT> {

    private long count;
    private AccumT accumulator;

    Partial(AccumT accumulator) {
      this.accumulator = accumulator;
    }
  }

  /** A batch of a slot, with the slot's least timestamp. */
  private record Part<K, AccumT>(
      int bucket, List<KV<K, Counted<AccumT>>> keys, Instant timestamp) {}

  private final CombineFn<T, AccumT, ?> combineFn;
  private final Buckets<K> buckets;
  private final Map<List<BoundedWindow>, BundleBuffer<K, Partial<AccumT>>> slots =
      new LinkedHashMap<>();
  private final Function<K, Partial<AccumT>> newPartial;
  private int held;
  // Most elements are in the windows of the one before.
  private @Nullable List<BoundedWindow> lastWindows;
  private @Nullable BundleBuffer<K, Partial<AccumT>> lastSlot;

  SlotBuffer(CombineFn<T, AccumT, ?> combineFn, Buckets<K> buckets) {
    this.combineFn = combineFn;
    this.buckets = buckets;
    this.newPartial =
        any -> {
          held++;
          return new Partial<>(combineFn.createAccumulator());
        };
  }

  /**
   * Combines a value.
   *
   * @param windows those that are open for it, one at least; not to be changed afterwards
   */
  void add(List<BoundedWindow> windows, K key, long eventTimeMillis, T value) {
    Partial<AccumT> partial = slotOf(windows).of(key, eventTimeMillis, newPartial);
    partial.count++;
    partial.accumulator = combineFn.addInput(partial.accumulator, value);
  }

  /** Returns whether it must be drained before more is added. */
  boolean isFull() {
    return held >= BundleBuffer.MAX_KEYS;
  }

  /** Hands out one batch for each window and bucket, and forgets them. */
  void drain(BiConsumer<KV<Integer, WindowBatch<K, AccumT>>, Instant> output) {
    Map<BoundedWindow, List<List<Part<K, AccumT>>>> byWindow = new LinkedHashMap<>();
    slots.forEach(
        (windows, slot) -> {
          List<Part<K, AccumT>> parts = handOut(slot);
          windows.forEach(
              window -> byWindow.computeIfAbsent(window, any -> new ArrayList<>(1)).add(parts));
        });
    clear();
    byWindow.forEach(
        (window, ofSlots) ->
            (ofSlots.size() == 1 ? ofSlots.get(0) : merge(ofSlots))
                .forEach(
                    part ->
                        output.accept(
                            KV.of(part.bucket(), new WindowBatch<>(window, part.keys())),
                            part.timestamp())));
  }

  /** Forgets what is held: at the start of a bundle, as the one before can have failed. */
  void clear() {
    slots.clear();
    lastWindows = null;
    lastSlot = null;
    held = 0;
  }

  private BundleBuffer<K, Partial<AccumT>> slotOf(List<BoundedWindow> windows) {
    if (lastSlot == null || !windows.equals(lastWindows)) {
      lastSlot = slots.computeIfAbsent(windows, any -> new BundleBuffer<>(buckets));
      lastWindows = windows;
    }
    return lastSlot;
  }

  private List<Part<K, AccumT>> handOut(BundleBuffer<K, Partial<AccumT>> slot) {
    List<Part<K, AccumT>> parts = new ArrayList<>();
    slot.drain(
        (bucket, timestamp) ->
            parts.add(new Part<>(bucket.getKey(), handOut(bucket.getValue()), timestamp)));
    return parts;
  }

  private List<KV<K, Counted<AccumT>>> handOut(List<KV<K, Partial<AccumT>>> partials) {
    List<KV<K, Counted<AccumT>>> keys = new ArrayList<>(partials.size());
    for (KV<K, Partial<AccumT>> partial : partials) {
      keys.add(KV.of(partial.getKey(), handOut(partial.getValue())));
    }
    return keys;
  }

  private Counted<AccumT> handOut(Partial<AccumT> partial) {
    return new Counted<>(partial.count, combineFn.compact(partial.accumulator));
  }

  /** Merges what the slots of a window have, by bucket and key. */
  private List<Part<K, AccumT>> merge(List<List<Part<K, AccumT>>> ofSlots) {
    Map<Integer, List<Part<K, AccumT>>> byBucket = new TreeMap<>();
    for (List<Part<K, AccumT>> parts : ofSlots) {
      for (Part<K, AccumT> part : parts) {
        byBucket.computeIfAbsent(part.bucket(), any -> new ArrayList<>()).add(part);
      }
    }
    List<Part<K, AccumT>> merged = new ArrayList<>(byBucket.size());
    byBucket.forEach((bucket, parts) -> merged.add(merge(bucket, parts)));
    return merged;
  }

  private Part<K, AccumT> merge(int bucket, List<Part<K, AccumT>> parts) {
    Map<K, List<Counted<AccumT>>> byKey = new LinkedHashMap<>();
    Instant least = parts.get(0).timestamp();
    for (Part<K, AccumT> part : parts) {
      least = part.timestamp().isBefore(least) ? part.timestamp() : least;
      for (KV<K, Counted<AccumT>> key : part.keys()) {
        byKey.computeIfAbsent(key.getKey(), any -> new ArrayList<>()).add(key.getValue());
      }
    }
    List<KV<K, Counted<AccumT>>> keys = new ArrayList<>(byKey.size());
    byKey.forEach((key, several) -> keys.add(KV.of(key, merged(several))));
    return new Part<>(bucket, keys, least);
  }

  private Counted<AccumT> merged(List<Counted<AccumT>> several) {
    if (several.size() == 1) {
      return several.get(0);
    }
    long count = 0;
    List<AccumT> accumulators = new ArrayList<>(several.size() + 1);
    // The one that may be changed: the others go to other windows, too.
    accumulators.add(combineFn.createAccumulator());
    for (Counted<AccumT> counted : several) {
      count += counted.count();
      accumulators.add(counted.accumulator());
    }
    return new Counted<>(count, combineFn.compact(combineFn.mergeAccumulators(accumulators)));
  }
}
