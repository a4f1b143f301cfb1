package org.beamtemplates.benchmarks.speed.streams;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.Workload;

/** What is done with the payments of a topic. */
final class PaymentTopology {

  private final Job job;
  private final StreamsBuilder builder = new StreamsBuilder();

  private PaymentTopology(Job job) {
    this.job = job;
  }

  static Topology of(Job job) {
    return new PaymentTopology(job).built();
  }

  private Topology built() {
    KStream<String, Payment> payments =
        builder.<String, Payment>stream(job.topic()).processValues(Admission::new);
    switch (job.workload()) {
      case W1, W2 ->
          totals(payments, TimeWindows.ofSizeAndGrace(Workload.MINUTE, Workload.MAX_DELAY));
      case W3 -> payments.process(ChangeProcessor::new);
      case W4 -> {
        keep(SessionProcessor.STORE, Session.SERDE);
        payments.process(SessionProcessor::new, SessionProcessor.STORE);
      }
      case W5 ->
          totals(
              payments,
              TimeWindows.ofSizeAndGrace(Workload.SLIDING_SIZE, Workload.MAX_DELAY)
                  .advanceBy(Workload.MINUTE));
      case W6 -> {
        keep(WatchProcessor.STORE, WatchProcessor.SERDE);
        payments.process(WatchProcessor::new, WatchProcessor.STORE);
      }
    }
    return builder.build();
  }

  private void totals(KStream<String, Payment> payments, TimeWindows windows) {
    // No suppress(): its buffer holds every open window once more, in memory and in a changelog.
    payments
        .groupByKey(Grouped.with(Serdes.String(), new PaymentSerde()))
        .windowedBy(windows)
        .emitStrategy(EmitStrategy.onWindowClose())
        .aggregate(
            () -> WindowTotals.NONE,
            (card, payment, totals) -> totals.with(payment.getCents()),
            Materialized.<String, WindowTotals, WindowStore<Bytes, byte[]>>as(
                    job.state() == Job.State.HEAP
                        ? Materialized.StoreType.IN_MEMORY
                        : Materialized.StoreType.ROCKS_DB)
                .withKeySerde(Serdes.String())
                .withValueSerde(WindowTotals.SERDE))
        .toStream()
        .process(WindowSink::new);
  }

  private <V> void keep(String store, Serde<V> serde) {
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
                job.state() == Job.State.HEAP
                    ? Stores.inMemoryKeyValueStore(store)
                    : Stores.persistentKeyValueStore(store),
                Serdes.String(),
                serde)
            .withCachingEnabled());
  }
}
