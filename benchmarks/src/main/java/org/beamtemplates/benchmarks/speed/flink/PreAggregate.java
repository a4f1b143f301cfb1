package org.beamtemplates.benchmarks.speed.flink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Adds up in maps, chained to the source, and sends them on by bucket: 200 ms after the last time,
 * as the library does with its shipped options; before a checkpoint's barrier, so that there is
 * nothing to be kept; and before a watermark that a slice in a map ends before.
 */
final class PreAggregate extends AbstractStreamOperator<Partials>
    implements OneInputStreamOperator<Charge, Partials> {

  private static final long serialVersionUID = 1L;
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int CLOCK_MASK = 511;

  private final long sliceMillis;
  private final int buckets;
  private transient TreeMap<Long, Map<String, WindowTotals>> slices;
  private transient long sentNanos;
  private transient int added;

  PreAggregate(long sliceMillis, int buckets) {
    this.sliceMillis = sliceMillis;
    this.buckets = buckets;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  public void open() throws Exception {
    super.open();
    slices = new TreeMap<>();
    sentNanos = System.nanoTime();
  }

  @Override
  public void processElement(StreamRecord<Charge> element) {
    Charge charge = element.getValue();
    long slice = Math.floorDiv(charge.time, sliceMillis) * sliceMillis;
    slices
        .computeIfAbsent(slice, unused -> new HashMap<>())
        .computeIfAbsent(charge.card, unused -> new WindowTotals())
        .add(charge.cents);
    added++;
    if ((added & CLOCK_MASK) == 0 && System.nanoTime() - sentNanos > EVERY_NANOS) {
      send();
    }
  }

  @Override
  public void processWatermark(Watermark watermark) throws Exception {
    if (!slices.isEmpty() && slices.firstKey() + sliceMillis - 1 <= watermark.getTimestamp()) {
      send();
    }
    super.processWatermark(watermark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    send();
  }

  @Override
  public void finish() {
    send();
  }

  private void send() {
    slices.forEach(this::send);
    slices.clear();
    sentNanos = System.nanoTime();
  }

  private void send(long slice, Map<String, WindowTotals> totals) {
    List<List<Map.Entry<String, WindowTotals>>> parts = new ArrayList<>(buckets);
    for (int i = 0; i < buckets; i++) {
      parts.add(new ArrayList<>());
    }
    for (Map.Entry<String, WindowTotals> entry : totals.entrySet()) {
      parts.get(Math.floorMod(entry.getKey().hashCode(), buckets)).add(entry);
    }
    for (int bucket = 0; bucket < buckets; bucket++) {
      if (!parts.get(bucket).isEmpty()) {
        output.collect(new StreamRecord<>(partials(bucket, slice, parts.get(bucket)), slice));
      }
    }
  }

  private static Partials partials(
      int bucket, long slice, List<Map.Entry<String, WindowTotals>> entries) {
    Partials partials = new Partials();
    partials.bucket = bucket;
    partials.slice = slice;
    int size = entries.size();
    partials.cards = new String[size];
    partials.sums = new long[size];
    partials.counts = new long[size];
    partials.maxima = new long[size];
    for (int i = 0; i < size; i++) {
      WindowTotals totals = entries.get(i).getValue();
      partials.cards[i] = entries.get(i).getKey();
      partials.sums[i] = totals.sum;
      partials.counts[i] = totals.count;
      partials.maxima[i] = totals.max;
    }
    return partials;
  }
}
