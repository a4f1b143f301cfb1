package org.beamtemplates.benchmarks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.transforms.demo.Demo;
import org.beamtemplates.transforms.demo.Traffic;
import org.beamtemplates.transforms.demo.TrafficRecord;
import org.beamtemplates.transforms.demo.TrafficRecord.Kind;
import org.beamtemplates.transforms.demo.Workload;

/** Topics full of page events, of the demo's kinds, before a job reads them. */
final class PageTopics {

  private static final long SEED = 42;
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  /** Broken records are told from each other by their coordinates alone. */
  private static final int DISTINCT_BROKEN = 5_000;

  /** The first records of a partition are good ones, of whatever kind they were drawn. */
  private static final int WARM_UP = 10_000;

  private final LocalKafka kafka;
  private final Demo demo;
  private final List<Integer> schemaIds;

  private PageTopics(LocalKafka kafka, Demo demo, List<Integer> schemaIds) {
    this.kafka = kafka;
    this.demo = demo;
    this.schemaIds = schemaIds;
  }

  static PageTopics in(LocalKafka kafka, LocalSchemaRegistry registry) {
    Demo demo = ServiceLoader.load(Demo.class).findFirst().orElseThrow();
    List<Integer> ids =
        demo.schemas().stream()
            .map(schema -> registry.register(demo.inputTopic() + "-value", schema))
            .toList();
    return new PageTopics(kafka, demo, ids);
  }

  /** Fills a topic with good events, each with an id of its own, 2 ms of event time apart. */
  void good(String topic, int count) {
    Traffic traffic = traffic();
    AtomicReference<Instant> time = new AtomicReference<>(FIRST);
    fill(topic, count, number -> next(traffic, Kind.GOOD, time));
  }

  /**
   * Fills a topic with good events, 1 % broken ones and 2 % duplicates, and none that is late.
   * Returns how many there are of each kind.
   */
  Map<Kind, Long> mixed(String topic, int count) {
    Traffic traffic = traffic();
    AtomicReference<Instant> time = new AtomicReference<>(FIRST);
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    fill(
        topic,
        count,
        number -> {
          TrafficRecord record =
              next(traffic, EnumSet.of(Kind.GOOD, Kind.BROKEN, Kind.DUPLICATE), time);
          counts.merge(record.kind(), 1L, Long::sum);
          return record;
        });
    return counts;
  }

  /** Fills a topic with broken events, of all kinds in equal shares. */
  void broken(String topic, int count) {
    Traffic traffic = traffic();
    AtomicReference<Instant> time = new AtomicReference<>(FIRST);
    for (int i = 0; i < WARM_UP; i++) {
      next(traffic, Kind.GOOD, time);
    }
    List<TrafficRecord> broken = new ArrayList<>();
    while (broken.size() < DISTINCT_BROKEN) {
      broken.add(next(traffic, Kind.BROKEN, time));
    }
    fill(topic, count, number -> broken.get(number % DISTINCT_BROKEN));
  }

  private Traffic traffic() {
    return demo.traffic(new Workload(SEED, demo.partitions(), FIRST), schemaIds);
  }

  private static TrafficRecord next(Traffic traffic, Kind kind, AtomicReference<Instant> time) {
    return next(traffic, EnumSet.of(kind), time);
  }

  private static TrafficRecord next(
      Traffic traffic, Set<Kind> kinds, AtomicReference<Instant> time) {
    TrafficRecord drawn;
    do {
      time.set(time.get().plusMillis(2));
      drawn = traffic.next(time.get(), true);
    } while (!kinds.contains(drawn.kind()));
    return drawn;
  }

  private void fill(String topic, int count, IntFunction<TrafficRecord> records) {
    kafka.createTopic(topic, demo.partitions());
    AtomicReference<Exception> failure = new AtomicReference<>();
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            64 << 10);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        TrafficRecord next = records.apply(i);
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, next.partition(), next.key(), next.value()),
                (metadata, error) -> failure.compareAndSet(null, error));
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("Cannot fill " + topic, failure.get());
    }
  }
}
