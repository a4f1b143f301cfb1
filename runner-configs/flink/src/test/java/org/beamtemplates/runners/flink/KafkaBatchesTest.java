package org.beamtemplates.runners.flink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.aggregate.Strategy;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka read in batches by Flink, with the bundles of flink.options: exact, prompt, moving on. */
@ExtendWith(KafkaExtension.class)
class KafkaBatchesTest {

  private static final int PARTITIONS = 4;
  private static final String NEVER = String.valueOf(Duration.ofHours(1).toMillis());

  private static final Logger LOG = LoggerFactory.getLogger(KafkaBatchesTest.class);
  private static final String FAIL = "fail";

  /** What the steps of the one job in this JVM have seen. */
  private static final Map<String, Integer> SEEN = new ConcurrentHashMap<>();

  private static final Queue<Long> LATENCIES = new ConcurrentLinkedQueue<>();
  private static final Map<String, Long> COUNTS = new ConcurrentHashMap<>();
  private static final AtomicInteger FAILURES_TO_COME = new AtomicInteger();

  private final LocalKafka kafka;
  private final String topic = "in-" + UUID.randomUUID();
  @TempDir private Path checkpoints;

  KafkaBatchesTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void forgetTheLastJob() {
    SEEN.clear();
    LATENCIES.clear();
    COUNTS.clear();
    FAILURES_TO_COME.set(0);
    kafka.createTopic(topic, PARTITIONS);
  }

  @Test
  void countsEachRecordOnceThoughTheJobFailsAfterACheckpoint() {
    Pipeline pipeline =
        Pipeline.create(options("--checkpointingInterval=500", "--minPauseBetweenCheckpoints=0"));
    PCollection<Ingested<String>> records =
        ingest(pipeline, Duration.ofSeconds(5)).apply("Look", ParDo.of(new LookFn()));
    records.setCoder(Ingested.coder(StringUtf8Coder.of()));
    showCounts(records, value -> value, Strategy.AUTOMATIC);
    assertThat(stepsOf(pipeline)).contains("Ingest/ReadBatches");
    FAILURES_TO_COME.set(1);
    send(ids(0, 3_000));

    try (RunningPipeline job = RunningPipeline.start(pipeline)) {
      // Committed when a checkpoint is complete.
      job.await(() -> committed() == 3_000);
      send(ids(3_000, 6_000));
      // In the midst of a batch.
      send(List.of(FAIL));
      send(ids(6_000, 9_000));
      job.await(() -> COUNTS.size() >= 9_001 && committed() == 9_001);

      assertThat(FAILURES_TO_COME).hasValue(0);
      assertThat(ids(0, 3_000)).allMatch(id -> SEEN.get(id) == 1);
      assertThat(SEEN.keySet()).hasSize(9_001).containsAll(ids(3_000, 9_000));
      assertThat(COUNTS).hasSize(9_001);
      assertThat(COUNTS.values()).allMatch(count -> count == 1);
      assertThat(job.dropped()).isZero();
    }
  }

  /**
   * Flink asks a reader that has nothing again after 50 ms at most; a batch adds the wait for a
   * second record, 20 ms at most and 1 ms when records are rare. The rest is patience with a busy
   * machine; a batch that waited to be full would take minutes.
   */
  @Test
  void handsOutASingleRecordAtOnce() {
    Pipeline pipeline = Pipeline.create(options("--checkpointingInterval=" + NEVER));
    ingest(pipeline, Duration.ZERO)
        .apply("Look", ParDo.of(new LookFn()))
        .setCoder(Ingested.coder(StringUtf8Coder.of()));

    try (RunningPipeline job = RunningPipeline.start(pipeline);
        Traffic traffic = Traffic.to(kafka, topic, 1, Duration.ofSeconds(1))) {
      job.await(() -> LATENCIES.size() >= 12);

      // Those of the start are not typical.
      List<Long> millis = new ArrayList<>(LATENCIES).subList(4, 12);
      LOG.info("Milliseconds from producer to step: {}", LATENCIES);
      Collections.sort(millis);
      assertThat(millis.get(millis.size() / 2)).isLessThanOrEqualTo(100);
    }
  }

  /** The watermark of a step moves in gaps between bundles, which checkpoints make, too. */
  @ParameterizedTest
  @CsvSource({
    "1, PLAIN, false",
    "1, TWO_LEVEL, false",
    "1, TWO_LEVEL, true",
    "5, TWO_LEVEL, true",
    "50, PLAIN, false",
    "50, TWO_LEVEL, false",
    "50, TWO_LEVEL, true"
  })
  void closesWindowsWhileRecordsFlowAndNoCheckpointHelps(
      int recordsEach5Millis, Strategy strategy, boolean areKeptTogether) {
    Pipeline pipeline = Pipeline.create(options("--checkpointingInterval=" + NEVER));
    if (areKeptTogether) {
      showCountsOfBatches(pipeline, value -> "all", strategy);
    } else {
      showCounts(ingest(pipeline, Duration.ZERO), value -> "all", strategy);
    }

    try (RunningPipeline job = RunningPipeline.start(pipeline);
        Traffic traffic = Traffic.to(kafka, topic, recordsEach5Millis, Duration.ofMillis(5))) {
      // One for each window.
      job.await(() -> COUNTS.size() >= 5);

      assertThat(job.accounting().stage("aggregate").late()).isZero();
      assertThat(job.dropped()).isZero();
      assertThat(traffic.isFlowing()).isTrue();
    }
  }

  private PipelineOptions options(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--stateBackendStoragePath=" + checkpoints.toUri());
    return PipelineOptionsFactory.fromArgs(ShippedOptions.with(arguments)).create();
  }

  private PCollection<Ingested<String>> ingest(Pipeline pipeline, Duration maxDelay) {
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", DeadLetterSinks.log())) {
      return pipeline.apply("Ingest", ingestion(maxDelay).withDeadLetters(deadLetters));
    }
  }

  private KafkaIngestion<String> ingestion(Duration maxDelay) {
    return KafkaIngestion.of(
        new TextDecoder(),
        kafka.bootstrapServers(),
        topic,
        group(),
        StartFrom.earliest(),
        EventTime.ofRecordTimestamp().withMaxDelay(maxDelay));
  }

  private void showCountsOfBatches(
      Pipeline pipeline, SerializableFunction<String, String> key, Strategy strategy) {
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", DeadLetterSinks.log())) {
      pipeline
          .apply("Ingest", ingestion(Duration.ZERO).withDeadLetters(deadLetters).inBatches())
          .apply("Count", counting(key, strategy).combiningBatches(Count.combineFn()))
          .results()
          .apply("Show", ParDo.of(new ShowFn()));
    }
  }

  private static void showCounts(
      PCollection<Ingested<String>> records,
      SerializableFunction<String, String> key,
      Strategy strategy) {
    records
        .apply("Count", counting(key, strategy).combining(Count.combineFn()))
        .results()
        .apply("Show", ParDo.of(new ShowFn()));
  }

  private static WindowedAggregation<String, String> counting(
      SerializableFunction<String, String> key, Strategy strategy) {
    return WindowedAggregation.by(key, StringUtf8Coder.of())
        .inFixedWindows(Duration.ofSeconds(1))
        .with(strategy);
  }

  private static Set<String> stepsOf(Pipeline pipeline) {
    Set<String> names = new HashSet<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            names.add(node.getFullName());
            return CompositeBehavior.ENTER_TRANSFORM;
          }
        });
    return names;
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  private void send(List<String> values) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String value : values) {
      int partition = Math.floorMod(value.hashCode(), PARTITIONS);
      records.add(new ProducerRecord<>(topic, partition, null, value.getBytes(UTF_8)));
    }
    kafka.send(records);
  }

  private long committed() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin
          .listConsumerGroupOffsets(group())
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    }
  }

  private String group() {
    return "group-of-" + topic;
  }

  /** Records whose values are the milliseconds of their sending, in equal pieces of time. */
  private static final class Traffic implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> sending;

    private Traffic(
        KafkaProducer<byte[], byte[]> producer, String topic, int records, Duration every) {
      this.producer = producer;
      this.sending =
          timer.scheduleAtFixedRate(
              () -> {
                for (int i = 0; i < records; i++) {
                  String now = String.valueOf(System.currentTimeMillis());
                  Future<?> unused =
                      producer.send(new ProducerRecord<>(topic, now.getBytes(UTF_8)));
                }
              },
              0,
              every.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    static Traffic to(LocalKafka kafka, String topic, int records, Duration every) {
      Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
      return new Traffic(
          new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
          topic,
          records,
          every);
    }

    boolean isFlowing() {
      return !sending.isDone();
    }

    @Override
    public void close() {
      timer.shutdownNow();
      producer.close(Duration.ZERO);
    }
  }

  private static final class TextDecoder implements Decoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public String decode(RawRecord raw) {
      return new String(raw.value(), UTF_8);
    }

    @Override
    public TypeDescriptor<String> type() {
      return TypeDescriptors.strings();
    }

    @Override
    public Coder<String> coder() {
      return StringUtf8Coder.of();
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }

  /** Remembers what comes by and when, and fails as often as it is told. */
  private static final class LookFn extends DoFn<Ingested<String>, Ingested<String>> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<String> element, OutputReceiver<Ingested<String>> output) {
      String value = element.value();
      if (value.equals(FAIL) && FAILURES_TO_COME.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IllegalStateException("a failure on purpose");
      }
      SEEN.merge(value, 1, Integer::sum);
      if (!value.equals(FAIL)) {
        LATENCIES.add(System.currentTimeMillis() - Long.parseLong(value));
      }
      output.output(element);
    }
  }

  private static final class ShowFn extends DoFn<WindowResult<String, Long>, Void> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element WindowResult<String, Long> result) {
      COUNTS.put(result.key() + " at " + result.windowStartMillis(), result.value());
    }
  }
}
