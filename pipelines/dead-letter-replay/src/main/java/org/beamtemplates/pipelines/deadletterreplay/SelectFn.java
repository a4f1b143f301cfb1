package org.beamtemplates.pipelines.deadletterreplay;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterSelection;

/** Opens what was read, and passes on what is selected, by shard; and what is malformed. */
final class SelectFn extends DoFn<Parcel, KV<Integer, Parcel>> {

  private static final long serialVersionUID = 1L;

  private final ReplaySettings settings;
  private final DeadLetterSelection selection;
  private final ReplayCounters counters;

  private transient int shards;

  SelectFn(ReplaySettings settings, DeadLetterSelection selection, ReplayCounters counters) {
    this.settings = settings;
    this.selection = selection;
    this.counters = counters;
  }

  @Setup
  public void setUp() {
    shards = settings.shards();
  }

  @ProcessElement
  public void process(@Element Parcel parcel, OutputReceiver<KV<Integer, Parcel>> output) {
    counters.in();
    if (parcel.isTombstone()) {
      counters.count(Outcome.TOMBSTONE);
      return;
    }
    if (parcel.isMalformed()) {
      output.output(sharded(parcel));
      return;
    }
    DeadLetter letter;
    try {
      letter = DeadLetterCodec.decode(parcel.value());
    } catch (IllegalArgumentException e) {
      output.output(sharded(parcel.malformed(String.valueOf(e.getMessage()))));
      return;
    }
    if (!selection.matches(letter)) {
      counters.count(Outcome.NOT_SELECTED);
      return;
    }
    output.output(sharded(parcel.knownAs(letter.getId())));
  }

  private KV<Integer, Parcel> sharded(Parcel parcel) {
    return KV.of(ReplayLedger.shardOf(parcel.id(), shards), parcel);
  }
}
