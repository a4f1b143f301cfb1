package org.beamtemplates.pipelines.deadletterreplay;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Replays the letters of a shard, all that there are. Has effects of its own, and may be repeated
 * at will: the ledger tells what was done.
 */
final class ReplayFn extends DoFn<KV<Integer, Iterable<Parcel>>, Void> {

  private static final long serialVersionUID = 1L;

  private final ReplaySettings settings;
  private final ReplayCounters counters;

  ReplayFn(ReplaySettings settings, ReplayCounters counters) {
    this.settings = settings;
    this.counters = counters;
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<Parcel>> element) {
    ShardReplay shard = new ShardReplay(settings, element.getKey(), settings.shards(), counters);
    if (settings.dryRun()) {
      shard.tell(element.getValue());
    } else {
      shard.run(element.getValue());
    }
  }
}
