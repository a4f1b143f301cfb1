package org.beamtemplates.pipelines.realtimeanalytics.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.demo.CompressedTime;
import org.beamtemplates.transforms.demo.Demo;
import org.beamtemplates.transforms.demo.DemoServices;
import org.beamtemplates.transforms.demo.Sent;
import org.beamtemplates.transforms.demo.Traffic;
import org.beamtemplates.transforms.demo.TrafficRecord;
import org.beamtemplates.transforms.demo.Workload;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The proof of the demo: what the traffic knows that it has sent is what the job makes of it,
 * number by number, from a real Kafka with a real registry, on the runner of the module.
 */
@ExtendWith({KafkaExtension.class, SchemaRegistryExtension.class})
@Conforms(subject = "realtime-analytics", capability = "generated traffic from Kafka")
@Tag(Conforms.UNBOUNDED)
@Tag(Conforms.LIVE_COUNTERS)
class RealtimeAnalyticsDemoTest {

  private static final int RECORDS = 3_000;
  private static final Duration LENGTH = Duration.ofSeconds(30);

  private final LocalKafka kafka;
  private final LocalSchemaRegistry registry;
  private final Demo demo = ServiceLoader.load(Demo.class).findFirst().orElseThrow();
  private final String outputTopic = demo.inputTopic() + ".results";

  RealtimeAnalyticsDemoTest(LocalKafka kafka, LocalSchemaRegistry registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @Test
  void theJobMakesOfTheTrafficWhatTheLedgerSays() throws Exception {
    kafka.createTopic(demo.inputTopic(), demo.partitions());
    kafka.createTopic(demo.deadLetterTopic(), 1);
    kafka.createTopic(outputTopic, 1);

    Sent sent = send();

    try (RunningPipeline job = start()) {
      job.await(() -> allIsThrough(job.accounting(), sent.total()));
      Accounting accounting = job.accounting();
      long counted = sent.good() + sent.late();
      assertThat(accounting.stage("ingest").dead()).isEqualTo(total(sent.broken()));
      assertThat(accounting.stage("deduplicate").duplicate()).isEqualTo(sent.duplicate());
      assertThat(accounting.stage("aggregate").late()).isEqualTo(sent.tooLate());
      assertThat(accounting.stage("aggregate").out()).isEqualTo(counted);

      job.await(() -> total(finalCounts()) >= counted);
      assertThat(finalCounts()).isEqualTo(sent.eventsByResult());
      job.await(() -> total(deadLetters()) >= total(sent.deadLetters()));
      assertThat(deadLetters()).isEqualTo(sent.deadLetters());
      assertThat(job.accounting().balances()).isTrue();
      assertThat(job.dropped()).isZero();
    }
  }

  private static boolean allIsThrough(Accounting accounting, long records) {
    return accounting.stage("ingest").in() == records
        && accounting.stage("deduplicate").in() == accounting.stage("ingest").out()
        && accounting.stage("aggregate").in() == accounting.stage("deduplicate").out()
        && accounting.balances();
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(count -> count).sum();
  }

  /** Sends all of it, older producers in the first half; returns the ledger. */
  private Sent send() {
    List<Integer> schemaIds = new ArrayList<>();
    for (String schema : demo.schemas()) {
      schemaIds.add(registry.register(demo.inputTopic() + "-value", schema));
    }
    CompressedTime time = CompressedTime.startingAt(Instant.now(), LENGTH);
    Traffic traffic =
        demo.traffic(new Workload(1, demo.partitions(), time.firstEventTime()), schemaIds);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      TrafficRecord record =
          traffic.next(time.after(LENGTH.multipliedBy(i).dividedBy(RECORDS)), i >= RECORDS / 2);
      records.add(
          new ProducerRecord<>(
              demo.inputTopic(), record.partition(), record.key(), record.value()));
    }
    kafka.send(records);
    return traffic.sent();
  }

  /** The job as the demo starts it, but with its results in a topic. */
  private RunningPipeline start() {
    List<String> arguments =
        new ArrayList<>(
            demo.options(new DemoServices(kafka.bootstrapServers(), registry.url(), "", "")));
    arguments.removeIf(option -> option.matches("--(outputJdbcUrl|jdbcUser|outputTable)=.*"));
    arguments.add("--outputTopic=" + outputTopic);
    RealtimeAnalyticsOptions options =
        RunningPipeline.options(RealtimeAnalyticsOptions.class, arguments.toArray(String[]::new));
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    return RunningPipeline.start(pipeline);
  }

  /** Returns the events of each complete window, of its highest revision. */
  private Map<String, Long> finalCounts() throws DecodeException {
    Decoder<PageStatistics> decoder =
        Decoders.confluentAvro(PageStatistics.class, SchemaRegistry.at(registry.url()));
    decoder.open();
    Map<String, PageStatistics> newest = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(outputTopic)) {
      PageStatistics result = decoder.decode(RawRecord.of(Origin.none(), record.value()));
      String key =
          new PageResult(result.getWindowStartMs(), result.getCategory(), result.getCountry())
              .toString();
      newest.merge(key, result, (a, b) -> a.getRevision() > b.getRevision() ? a : b);
    }
    Map<String, Long> counts = new TreeMap<>();
    newest.forEach(
        (key, result) -> {
          if (!result.getTiming().equals("EARLY")) {
            counts.put(key, result.getEvents());
          }
        });
    return counts;
  }

  private Map<String, Long> deadLetters() throws IOException {
    Map<String, Long> byCategory = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(demo.deadLetterTopic())) {
      DeadLetter letter = DeadLetterCodec.decode(record.value());
      byCategory.merge(letter.getCategory(), 1L, Long::sum);
    }
    return byCategory;
  }
}
