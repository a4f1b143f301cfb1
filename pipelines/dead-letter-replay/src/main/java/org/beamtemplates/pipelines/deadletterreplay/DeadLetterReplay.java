package org.beamtemplates.pipelines.deadletterreplay;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Template;

/**
 * Dead letters back to where they came from, each once: what is selected and due is sent with an
 * entry in a ledger in one Kafka transaction.
 *
 * <pre>
 * topic or files → open, select → by shard → transaction ─┬→ the topic of each record
 *                                                         └→ ledger
 * </pre>
 */
public final class DeadLetterReplay implements Template<DeadLetterReplayOptions> {

  /** Name of the template. */
  public static final String NAME = "dead-letter-replay";

  /** Launches the template. */
  public static void main(String[] args) {
    Launcher.main(new DeadLetterReplay(), args);
  }

  @Override
  public void build(Pipeline pipeline, DeadLetterReplayOptions options) {
    ReplaySettings settings = ReplaySettings.of(options);
    ReplayCounters counters = new ReplayCounters();

    // 1. All dead letters that are there now.
    PCollection<Parcel> letters =
        pipeline.apply(
            "Read", new Letters(options.getDeadLetterTopic(), options.getDeadLetters(), settings));

    // 2. Those that are meant, each in the shard that its id names.
    PCollection<KV<Integer, Parcel>> selected =
        letters
            .apply("Select", ParDo.of(new SelectFn(settings, Selections.of(options), counters)))
            .setCoder(KvCoder.of(VarIntCoder.of(), new ParcelCoder()));

    // 3. Those that are due and not in the ledger: out, a producer a shard.
    selected
        .apply("GroupByShard", GroupByKey.create())
        .apply("Replay", ParDo.of(new ReplayFn(settings, counters)));
  }

  @Override
  public void validate(DeadLetterReplayOptions options, Problems problems) {
    Preconditions.validate(options, problems);
  }

  @Override
  public void preflight(DeadLetterReplayOptions options, Problems problems) {
    Preconditions.preflight(options, problems);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Dead letters back to where they came from, each once";
  }

  @Override
  public Class<DeadLetterReplayOptions> optionsClass() {
    return DeadLetterReplayOptions.class;
  }

  @Override
  public List<String> resultKey() {
    return List.of("id");
  }
}
