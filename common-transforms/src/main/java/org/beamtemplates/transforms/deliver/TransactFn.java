package org.beamtemplates.transforms.deliver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.kafka.common.KafkaException;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes the records of a bundle in transactions, one a shard, or more if there are many.
 *
 * <p>It sees a record when a checkpoint holds it: after a failure it sees the same again, with the
 * same number, and leaves out what the shard's last transaction has told to be written.
 */
final class TransactFn extends DoFn<KV<Integer, Numbered>, Void> {

  private static final long serialVersionUID = 1L;

  /** The most records of a transaction. */
  private static final int MAX_RECORDS = 5_000;

  private static final String EARLY = "early";
  private static final String NEXT = "next";

  private final String bootstrapServers;
  private final String topic;
  private final String sinkGroupId;
  private final HashMap<String, Object> producerConfig;
  private final Counter transactions = Metrics.counter("deliver", "transactions");
  private final Counter waits = Metrics.counter("deliver", "out-of-order");

  /** Records that came before one that they have to follow: a runner may restore them so. */
  @StateId(EARLY)
  private final StateSpec<MapState<Long, Numbered>> earlySpec =
      StateSpecs.map(VarLongCoder.of(), Numbered.coder());

  /** The number after the last record that was written, as far as a checkpoint knows. */
  @StateId(NEXT)
  private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

  private transient @Nullable Map<Integer, ShardTransactions> shards;
  private transient @Nullable Map<Integer, List<Numbered>> waiting;

  TransactFn(
      String bootstrapServers,
      String topic,
      String sinkGroupId,
      int maxBytes,
      Map<String, Object> moreConfig) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.sinkGroupId = sinkGroupId;
    this.producerConfig = new HashMap<>(KafkaProducers.safe(maxBytes));
    producerConfig.putAll(moreConfig);
  }

  @Setup
  public void setup() {
    shards = new HashMap<>();
  }

  @StartBundle
  public void startBundle() {
    // What a failed bundle has left comes again.
    waiting = new HashMap<>();
  }

  @RequiresStableInput
  @ProcessElement
  public void process(
      @Element KV<Integer, Numbered> element,
      @StateId(EARLY) MapState<Long, Numbered> early,
      @StateId(NEXT) ValueState<Long> next) {
    int shard = element.getKey();
    Numbered numbered = element.getValue();
    long expected = expected(shard, numbered.job(), next);
    if (numbered.number() > expected) {
      early.put(numbered.number(), numbered);
      waits.inc();
    }
    if (numbered.number() != expected) {
      return;
    }
    add(shard, numbered);
    long following = expected + 1;
    for (Numbered waited = early.get(following).read();
        waited != null;
        waited = early.get(following).read()) {
      early.remove(following);
      add(shard, waited);
      following++;
    }
    next.write(following);
  }

  /** Returns the number of the record that the shard waits for. */
  private long expected(int shard, String job, ValueState<Long> next) {
    List<Numbered> ofShard = waiting.get(shard);
    if (ofShard != null && !ofShard.isEmpty()) {
      return ofShard.get(ofShard.size() - 1).number() + 1;
    }
    @Nullable Long known = next.read();
    return guarded(shard, open -> open.nextOf(job, known == null ? 0 : known));
  }

  private void add(int shard, Numbered numbered) {
    List<Numbered> ofShard = waiting.computeIfAbsent(shard, number -> new ArrayList<>());
    ofShard.add(numbered);
    if (ofShard.size() == MAX_RECORDS) {
      write(shard, waiting.remove(shard));
    }
  }

  @FinishBundle
  public void finishBundle() {
    waiting.forEach(this::write);
    waiting.clear();
  }

  private void write(int shard, List<Numbered> records) {
    guarded(
        shard,
        open -> {
          open.write(records);
          return records.size();
        });
    transactions.inc();
  }

  private <R> R guarded(int shard, Function<ShardTransactions, R> work) {
    try {
      return work.apply(
          shards.computeIfAbsent(
              shard,
              number ->
                  ShardTransactions.open(
                      bootstrapServers, topic, sinkGroupId, number, producerConfig)));
    } catch (RuntimeException e) {
      // What became of a transaction that has failed is asked when its shard is opened again.
      teardown();
      throw e instanceof KafkaException
          ? new UnavailableException(
              "A transaction of "
                  + sinkGroupId
                  + "-"
                  + shard
                  + " to "
                  + topic
                  + " has failed: "
                  + e,
              e)
          : e;
    }
  }

  @Teardown
  public void teardown() {
    shards.values().forEach(ShardTransactions::close);
    shards.clear();
  }
}
