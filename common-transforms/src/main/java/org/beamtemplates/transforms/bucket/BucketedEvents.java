package org.beamtemplates.transforms.bucket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedReader;
import org.beamtemplates.transforms.record.IngestedWriter;
import org.joda.time.Instant;

/**
 * The events of a bundle by the bucket of their keys, in their order. They are encoded as they
 * come, while the processor has them at hand: kept as objects until the end of the bundle they
 * would have to be fetched from memory again, and moved by the garbage collector meanwhile.
 *
 * @param <T> type of the events' values
 */
public final class BucketedEvents<T> {

  /** How many events a bundle holds at most, to bound its memory. */
  public static final int MAX_EVENTS = 50_000;

  private final List<IngestedWriter<T>> buckets;
  private long leastMillis = Long.MAX_VALUE;
  private int held;

  /**
   * Holds nothing yet.
   *
   * @param count how many buckets there are
   */
  public BucketedEvents(Coder<T> valueCoder, int count) {
    this.buckets = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      buckets.add(new IngestedWriter<>(valueCoder));
    }
  }

  /** Returns the coder of what is drained. */
  public static Coder<KV<Integer, byte[]>> coder() {
    return KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());
  }

  /** Adds an event to a bucket. */
  public void add(int bucket, Ingested<T> event, long eventTimeMillis) {
    try {
      buckets.get(bucket).write(event, eventTimeMillis);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode the event of " + event.origin(), e);
    }
    leastMillis = Math.min(leastMillis, eventTimeMillis);
    held++;
  }

  /** Returns whether it must be drained before more is added. */
  public boolean isFull() {
    return held >= MAX_EVENTS;
  }

  /** Hands out all that is held, by the bucket, each with the least timestamp of all. */
  public void drain(BiConsumer<KV<Integer, byte[]>, Instant> output) {
    if (held == 0) {
      return;
    }
    Instant timestamp = Instant.ofEpochMilli(leastMillis);
    leastMillis = Long.MAX_VALUE;
    held = 0;
    for (int i = 0; i < buckets.size(); i++) {
      if (!buckets.get(i).isEmpty()) {
        output.accept(KV.of(i, buckets.get(i).take()), timestamp);
      }
    }
  }

  /** Forgets what is held: at the start of a bundle, as the one before can have failed. */
  public void clear() {
    buckets.forEach(IngestedWriter::clear);
    leastMillis = Long.MAX_VALUE;
    held = 0;
  }

  /** Hands out the events of a bucket that was drained, in their order. */
  public static <T> void read(
      byte[] events, Coder<T> valueCoder, ObjLongConsumer<Ingested<T>> receiver) {
    try {
      IngestedReader.read(events, valueCoder, receiver);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot decode the events of a bucket", e);
    }
  }
}
