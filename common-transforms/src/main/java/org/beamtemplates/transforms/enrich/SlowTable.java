package org.beamtemplates.transforms.enrich;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.coders.BigEndianLongCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * A table that changes slowly and is loaded as a whole, again and again, for an {@link Enrichment}.
 *
 * <pre>{@code
 * PCollectionView<Map<String, String>> shopNames =
 *     pipeline.apply(
 *         "Shops",
 *         SlowTable.reloadEvery(
 *             Duration.ofMinutes(5), shops::load, StringUtf8Coder.of(), StringUtf8Coder.of()));
 * }</pre>
 *
 * <p>A load that fails keeps the table of the last one that did not, is logged, and is counted:
 * {@code enrich / table.failed}, beside {@code table.loaded}. Until the first one has succeeded,
 * elements that need the table wait, in the state of the runner. A load runs on one worker; the
 * table is sent to all.
 *
 * <p>Which elements meet which version is not defined: a new one is seen some time after it was
 * loaded, and a replayed element may meet a newer one than it did at first. Where that matters, the
 * table is a stream with event times.
 *
 * <p>Limits: the table is in the memory of every worker, and one element of a collection while it
 * is sent: some 10 MB is fine, 1 GB is not. A pipeline with it is a streaming one, and ends only if
 * it is stopped. Flink keeps the table in the state of every subtask and in checkpoints.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public final class SlowTable<K, V> extends PTransform<PBegin, PCollectionView<Map<K, V>>> {

  private static final long serialVersionUID = 1L;

  private final Duration every;
  private final TableLoader<K, V> loader;
  private final Coder<K> keyCoder;
  private final Coder<V> valueCoder;
  private final Clock clock;

  private SlowTable(
      Duration every,
      TableLoader<K, V> loader,
      Coder<K> keyCoder,
      Coder<V> valueCoder,
      Clock clock) {
    this.every = every;
    this.loader = requireNonNull(loader, "loader");
    this.keyCoder = requireNonNull(keyCoder, "keyCoder");
    this.valueCoder = requireNonNull(valueCoder, "valueCoder");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Loads the table at the start and then at this interval, in processing time. After a pause of
   * the job it is loaded once, not once for every time that was missed.
   */
  public static <K, V> SlowTable<K, V> reloadEvery(
      Duration interval, TableLoader<K, V> loader, Coder<K> keyCoder, Coder<V> valueCoder) {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("a table is loaded every 1 ms at most, not " + interval);
    }
    return new SlowTable<>(interval, loader, keyCoder, valueCoder, Clock.systemUTC());
  }

  /** Takes the time from another clock, which must be serializable. */
  public SlowTable<K, V> withClock(Clock other) {
    return new SlowTable<>(every, loader, keyCoder, valueCoder, other);
  }

  @Override
  public PCollectionView<Map<K, V>> expand(PBegin begin) {
    PCollection<Long> ticks =
        begin.apply(
            "Tick",
            GenerateSequence.from(0)
                .withRate(1, org.joda.time.Duration.millis(every.toMillis())));
    // Half of it: the ticks of one interval may come a little early.
    return view(ticks, every.toMillis() / 2);
  }

  /**
   * Loads the table whenever an element comes, as from a topic that says so, in place of at an
   * interval.
   */
  public PCollectionView<Map<K, V>> reloadAt(PCollection<?> elements) {
    return view(elements, 0);
  }

  private <E> PCollectionView<Map<K, V>> view(PCollection<E> ticks, long pauseMillis) {
    MapCoder<K, V> tableCoder = MapCoder.of(keyCoder, valueCoder);
    KvCoder<Long, Map<K, V>> versionCoder = KvCoder.of(BigEndianLongCoder.of(), tableCoder);
    return ticks
        .apply("Load", ParDo.of(new LoadFn<E, K, V>(loader, pauseMillis, clock)))
        .setCoder(versionCoder)
        .apply(
            "Global",
            Window.<KV<Long, Map<K, V>>>into(new GlobalWindows())
                .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                .withAllowedLateness(org.joda.time.Duration.ZERO)
                // The end of bounded ticks is not a table without entries.
                .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
                .discardingFiredPanes())
        .apply("Newest", Combine.globally(new NewestFn<Map<K, V>>()).withoutDefaults())
        .setCoder(versionCoder)
        .apply("Table", Values.create())
        .setCoder(tableCoder)
        .apply("View", View.asSingleton());
  }
}
