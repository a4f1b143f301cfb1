package org.beamtemplates.transforms.bucket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * What a bundle holds of each key until it is finished: a step gathers here, and sends each bucket
 * as one element. Belongs to one instance of a {@link DoFn}, which must drain it at the end of each
 * bundle, and before that when it {@link #isFull}.
 *
 * <p>Holding elements back is safe because a runner lets no watermark pass a step in the middle of
 * a bundle. What is drained goes out at the least timestamp of all, in the global window, also in
 * the middle of a bundle: such a step allows any timestamp skew.
 *
 * @param <K> type of the keys
 * @param <C> type of what is held of a key; not to be touched after it was drained
 */
public final class BundleBuffer<K, C> {

  /** How many keys a bundle holds at most, to bound its memory. */
  public static final int MAX_KEYS = 50_000;

  private final Buckets<K> buckets;
  private final Map<K, C> contents = new LinkedHashMap<>();
  private long leastMillis = Long.MAX_VALUE;

  public BundleBuffer(Buckets<K> buckets) {
    this.buckets = buckets;
  }

  /** Returns the coder of what is drained. */
  public static <K, C> Coder<KV<Integer, List<KV<K, C>>>> coder(
      Coder<K> keyCoder, Coder<C> contentCoder) {
    return KvCoder.of(VarIntCoder.of(), ListCoder.of(KvCoder.of(keyCoder, contentCoder)));
  }

  /** Returns what is held of a key, made if there is nothing yet. */
  public C of(K key, long timestampMillis, Function<? super K, ? extends C> make) {
    leastMillis = Math.min(leastMillis, timestampMillis);
    return contents.computeIfAbsent(key, make);
  }

  /** Returns whether it must be drained before more is added. */
  public boolean isFull() {
    return contents.size() >= MAX_KEYS;
  }

  /**
   * Hands out all that is held, by the bucket, each with the least timestamp of all, and forgets
   * it. Keys of a bucket are in the order of their first elements.
   */
  public void drain(BiConsumer<KV<Integer, List<KV<K, C>>>, Instant> output) {
    if (contents.isEmpty()) {
      return;
    }
    Map<Integer, List<KV<K, C>>> byBucket = new TreeMap<>();
    contents.forEach(
        (key, content) ->
            byBucket
                .computeIfAbsent(buckets.of(key), any -> new ArrayList<>())
                .add(KV.of(key, content)));
    Instant timestamp = Instant.ofEpochMilli(leastMillis);
    clear();
    byBucket.forEach((bucket, keys) -> output.accept(KV.of(bucket, keys), timestamp));
  }

  /** Forgets what is held: at the start of a bundle, as the one before can have failed. */
  public void clear() {
    contents.clear();
    leastMillis = Long.MAX_VALUE;
  }
}
