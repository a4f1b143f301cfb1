package org.beamtemplates.transforms.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;

/**
 * Which keys of a bucket are to be looked at, and when, so that a timer need not look at all of
 * them. One timer a bucket goes from one moment of the grid to the next while there is anything on
 * the agenda; it holds the output watermark at the moment before, behind which nothing is left to
 * be looked at.
 *
 * <p>Made for one call of a DoFn, with its state cells; {@link #write} is the end of the call.
 */
final class Agenda<K> {

  /** So many moments are asked for one by one; for more, the entries are looked through. */
  private static final int FEW_STEPS = 64;

  private static final Instant LAST = GlobalWindow.INSTANCE.maxTimestamp();

  private final MapState<Long, List<K>> entries;

  /** The next moment, and the number of moments with an entry. */
  private final ValueState<KV<Long, Long>> position;

  private final long gridMillis;
  private final Map<Long, List<K>> added = new TreeMap<>();
  private boolean fired;

  Agenda(MapState<Long, List<K>> entries, ValueState<KV<Long, Long>> position, long gridMillis) {
    this.entries = entries;
    this.position = position;
    this.gridMillis = gridMillis;
  }

  static Coder<KV<Long, Long>> positionCoder() {
    return KvCoder.of(VarLongCoder.of(), VarLongCoder.of());
  }

  /** Adds a key. */
  void add(long moment, K key) {
    added.computeIfAbsent(moment, any -> new ArrayList<>()).add(key);
  }

  /** Removes the entries of all moments that the watermark has reached, and returns them. */
  List<KV<Long, K>> takeUntil(long watermarkMillis) {
    fired = true;
    KV<Long, Long> before = position.read();
    if (before == null) {
      return List.of();
    }
    List<KV<Long, K>> taken = new ArrayList<>();
    long left = before.getValue();
    for (long moment : momentsUntil(watermarkMillis, before.getKey())) {
      List<K> keys = entries.get(moment).read();
      if (keys != null) {
        keys.forEach(key -> taken.add(KV.of(moment, key)));
        entries.remove(moment);
        left--;
      }
    }
    long next = (Math.floorDiv(watermarkMillis, gridMillis) + 1) * gridMillis;
    position.write(KV.of(Math.max(next, before.getKey()), left));
    return taken;
  }

  private List<Long> momentsUntil(long watermarkMillis, long next) {
    // At the end of time all are taken, also those that rounding has put behind it.
    boolean all = watermarkMillis > LAST.getMillis();
    List<Long> moments = new ArrayList<>();
    if (!all && (watermarkMillis - next) / gridMillis < FEW_STEPS) {
      for (long moment = next; moment <= watermarkMillis; moment += gridMillis) {
        moments.add(moment);
      }
    } else {
      for (long moment : entries.keys().read()) {
        if (all || moment <= watermarkMillis) {
          moments.add(moment);
        }
      }
      moments.sort(null);
    }
    return moments;
  }

  /** Writes what was added, and sets the timer if there is anything on the agenda. */
  void write(Timer timer) {
    KV<Long, Long> before = position.read();
    long next = before == null ? Long.MAX_VALUE : before.getKey();
    long count = before == null ? 0 : before.getValue();
    for (Map.Entry<Long, List<K>> one : added.entrySet()) {
      long moment = one.getKey();
      List<K> keys = entries.get(moment).read();
      if (keys == null) {
        count++;
        next = Math.min(next, moment);
        entries.put(moment, one.getValue());
      } else {
        List<K> all = new ArrayList<>(keys);
        all.addAll(one.getValue());
        entries.put(moment, all);
      }
    }
    added.clear();
    if (count == 0) {
      position.clear();
      return;
    }
    KV<Long, Long> after = KV.of(next, count);
    if (!after.equals(before)) {
      position.write(after);
    }
    // A timer that is set already is left alone: to set it again costs as much as the first time.
    if (fired || before == null || next != before.getKey()) {
      set(timer, next);
    }
  }

  private void set(Timer timer, long next) {
    Instant due = Instant.ofEpochMilli(Math.min(next - 1, LAST.getMillis()));
    Instant hold = Instant.ofEpochMilli(Math.min(next - gridMillis, LAST.getMillis()));
    timer.withOutputTimestamp(hold).set(due);
  }
}
