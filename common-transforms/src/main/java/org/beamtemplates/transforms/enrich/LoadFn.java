package org.beamtemplates.transforms.enrich;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a table for every element, unless it has just been done; gives it with its time. */
final class LoadFn<E, K, V> extends DoFn<E, KV<Long, Map<K, V>>> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(LoadFn.class);

  private final TableLoader<K, V> loader;
  private final long pauseMillis;
  private final Clock clock;
  private final Counter loaded = Metrics.counter("enrich", "table.loaded");
  private final Counter failed = Metrics.counter("enrich", "table.failed");

  private transient boolean tried;
  private transient long triedMillis;

  LoadFn(TableLoader<K, V> loader, long pauseMillis, Clock clock) {
    this.loader = loader;
    this.pauseMillis = pauseMillis;
    this.clock = clock;
  }

  @ProcessElement
  public void process(OutputReceiver<KV<Long, Map<K, V>>> output) throws InterruptedException {
    load().ifPresent(output::output);
  }

  /** Returns the table and when it was loaded; nothing if it is too early, or has failed. */
  Optional<KV<Long, Map<K, V>>> load() throws InterruptedException {
    if (tried && clock.millis() - triedMillis < pauseMillis) {
      return Optional.empty();
    }
    Map<K, V> table;
    try {
      table = Map.copyOf(loader.load());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      failed.inc();
      LOG.warn(
          "A table could not be loaded. The last one stays in use; without one, elements wait."
              + " It is tried again at the next time.",
          e);
      return Optional.empty();
    } finally {
      // After the load: one that takes longer than the interval is not followed by the next at
      // once.
      tried = true;
      triedMillis = clock.millis();
    }
    loaded.inc();
    return Optional.of(KV.of(triedMillis, table));
  }
}
