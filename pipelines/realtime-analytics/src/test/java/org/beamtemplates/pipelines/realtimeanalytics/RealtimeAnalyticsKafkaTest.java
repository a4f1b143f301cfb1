package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole graph in a stream, from Kafka to Kafka with a registry, on the runner of the module:
 * the events of the golden file, from producers of two versions of the schema, in four partitions
 * of which one is never fed, among records that are broken in every way.
 */
@ExtendWith(KafkaExtension.class)
@Conforms(subject = "realtime-analytics", capability = "golden results from Kafka to Kafka")
@Tag(Conforms.UNBOUNDED)
class RealtimeAnalyticsKafkaTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int FED_PARTITIONS = 3;

  private static LocalSchemaRegistry registry;

  private final LocalKafka kafka;
  private final String name = "page-events-" + UUID.randomUUID();
  private final Map<String, String> expectedDead = new TreeMap<>();
  private final long[] nextOffsets = new long[FED_PARTITIONS];
  private int sent;
  private int schemaId;
  private int olderSchemaId;

  @TempDir Path folder;

  RealtimeAnalyticsKafkaTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeAll
  static void startRegistry() {
    // One of its own: a test lets it go away.
    registry = LocalSchemaRegistry.start();
  }

  @AfterAll
  static void stopRegistry() {
    registry.close();
  }

  @BeforeEach
  void createTopics() {
    kafka.createTopic(name, FED_PARTITIONS + 1);
    kafka.createTopic(name + ".results", 1);
    kafka.createTopic(name + ".dead-letters", 1);
    olderSchemaId = registry.register(name + "-value", olderSchema().toString());
    schemaId = registry.register(name + "-value", PageEvent.getClassSchema().toString());
  }

  @Test
  void givesTheGoldenResultsAndBuriesEachBrokenRecord() throws Exception {
    sendGoldenEvents();
    sendBrokenRecords();
    sendLateEvent();

    try (RunningPipeline job = start()) {
      job.await(() -> onTimeResults() == Golden.RESULTS);
      job.await(() -> deadLetters().size() >= expectedDead.size());

      holdAgainstGolden();
      assertThat(deadLetters()).isEqualTo(expectedDead);
    }
  }

  @Test
  @Tag(Conforms.LIVE_COUNTERS)
  @Conforms(subject = "realtime-analytics", capability = "accounting of a stream while it runs")
  void accountsForEachRecordWhileItRuns() throws Exception {
    sendGoldenEvents();
    sendBrokenRecords();
    sendLateEvent();

    try (RunningPipeline job = start()) {
      job.await(() -> onTimeResults() == Golden.RESULTS);
      job.await(() -> deadLetters().size() >= expectedDead.size());
      job.await(() -> job.accounting().stage("ingest").in() == sent);
      assertAccounting(job)
          .balances()
          .dropsNothing()
          .stage("ingest")
          .dead(expectedDead.size() - 1)
          .stage("deduplicate")
          .duplicate(Golden.DUPLICATES)
          .stage("aggregate")
          .late(1);
    }
  }

  @Test
  @Tag(Conforms.STABLE_INPUT)
  @Conforms(subject = "realtime-analytics", capability = "exactly-once delivery to Kafka")
  void writesEachResultOnceInTransactions() throws Exception {
    sendGoldenEvents();

    try (RunningPipeline job = start("--outputGuarantee=EXACTLY_ONCE")) {
      job.await(() -> onTimeResults() == Golden.RESULTS);

      holdAgainstGolden();
      assertThat(results()).doesNotHaveDuplicates();
      assertAccounting(job).dropsNothing();
    }
    assertThat(endOffset(name + ".results"))
        .as("a transaction ends with a marker that has an offset of its own")
        .isGreaterThan(results().size());
  }

  @Test
  void waitsForARegistryThatIsAwayAndBuriesNothing() throws Exception {
    sendGoldenEvents();
    registry.gate().cut();
    try (RunningPipeline job = start()) {
      await()
          .during(Duration.ofSeconds(8))
          .atMost(PATIENCE)
          .until(() -> isRunning(job) && isEmpty(".results") && isEmpty(".dead-letters"));

      registry.gate().restore();

      job.await(() -> onTimeResults() == Golden.RESULTS);
      holdAgainstGolden();
      assertThat(deadLetters()).isEqualTo(expectedDead);
      assertAccounting(job).dropsNothing();
    } finally {
      registry.gate().restore();
    }
  }

  private static boolean isRunning(RunningPipeline job) {
    return job.state() == PipelineResult.State.RUNNING;
  }

  private boolean isEmpty(String topic) {
    return kafka.readAll(name + topic).isEmpty();
  }

  private RunningPipeline start(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--bootstrapServers=" + kafka.bootstrapServers(),
                "--registryUrl=" + registry.url(),
                "--inputTopic=" + name,
                "--groupId=" + name,
                "--startFrom=earliest",
                "--outputTopic=" + name + ".results"));
    args.addAll(List.of(more));
    RealtimeAnalyticsOptions options =
        RunningPipeline.options(RealtimeAnalyticsOptions.class, args.toArray(String[]::new));
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    return RunningPipeline.start(pipeline);
  }

  /** Every line of the golden input that is an event at all, from producers of two versions. */
  private void sendGoldenEvents() throws IOException {
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    decoder.open();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    int number = 0;
    for (String line : Golden.inputLines(folder)) {
      byte[] bytes = line.getBytes(UTF_8);
      int partition = number++ % FED_PARTITIONS;
      try {
        PageEvent event = decoder.decode(RawRecord.of(Origin.none(), bytes));
        boolean valid = new PageEventRules().complaint(event).isEmpty() && sane(event);
        byte[] value = number % 2 == 0 ? confluent(event) : confluentOlder(event);
        records.add(record(partition, value, valid ? null : "VALIDATE"));
      } catch (DecodeException e) {
        records.add(record(partition, bytes, "DECODE"));
      }
    }
    kafka.send(records);
  }

  private static boolean sane(PageEvent event) {
    long day = Duration.ofDays(1).toMillis();
    return Math.abs(event.getEventTimeMs() - PageEvents.NOON) < day;
  }

  private void sendBrokenRecords() throws IOException {
    byte[] good = confluent(PageEvents.view("broken", 1).build());
    byte[] garbage = new byte[900_000];
    Arrays.fill(garbage, (byte) 'x');
    byte[] wrongMagic = good.clone();
    wrongMagic[0] = 1;
    byte[] unknownId = good.clone();
    ByteBuffer.wrap(unknownId).putInt(1, 999_999);
    kafka.send(
        List.of(
            record(0, null, "DECODE"),
            record(0, new byte[0], "DECODE"),
            record(1, wrongMagic, "DECODE"),
            record(1, unknownId, "DECODE"),
            record(1, Arrays.copyOf(good, good.length - 9), "DECODE"),
            record(2, Arrays.copyOf(good, 3), "DECODE"),
            record(2, garbage, "DECODE"),
            record(2, "{}".getBytes(UTF_8), "DECODE")));
  }

  /** Ten minutes before the first window, when the newest event is three minutes after it. */
  private void sendLateEvent() throws IOException {
    PageEvent late = PageEvents.view("late", -600).build();
    kafka.send(List.of(record(0, confluent(late), "LATE")));
  }

  private ProducerRecord<byte[], byte[]> record(
      int partition, byte @Nullable [] value, @Nullable String deadAs) {
    sent++;
    long offset = nextOffsets[partition]++;
    if (deadAs != null) {
      expectedDead.put(partition + "@" + offset, deadAs);
    }
    return new ProducerRecord<>(name, partition, null, value);
  }

  private byte[] confluent(PageEvent event) throws IOException {
    return confluent(schemaId, PageEvent.getClassSchema(), event);
  }

  /** As a producer of the first version writes it, without the fields that came later. */
  private byte[] confluentOlder(PageEvent event) throws IOException {
    GenericData.Record older = new GenericData.Record(olderSchema());
    for (Schema.Field field : olderSchema().getFields()) {
      older.put(field.name(), event.get(field.name()));
    }
    return confluent(olderSchemaId, olderSchema(), older);
  }

  private static <T> byte[] confluent(int id, Schema schema, T value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.write(ByteBuffer.allocate(4).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<T>(
            schema, value instanceof PageEvent event ? event.getSpecificData() : GenericData.get())
        .write(value, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** PageEvent as it was before it had a session and a device. */
  private static Schema olderSchema() {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : PageEvent.getClassSchema().getFields()) {
      if (!field.name().equals("sessionId") && !field.name().equals("device")) {
        fields.add(new Schema.Field(field, field.schema()));
      }
    }
    Schema current = PageEvent.getClassSchema();
    return Schema.createRecord(
        current.getName(), current.getDoc(), current.getNamespace(), false, fields);
  }

  private List<PageStatistics> results() throws DecodeException {
    Decoder<PageStatistics> decoder =
        Decoders.confluentAvro(PageStatistics.class, SchemaRegistry.at(registry.url()));
    decoder.open();
    List<PageStatistics> results = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> result : kafka.readAll(name + ".results")) {
      results.add(decoder.decode(RawRecord.of(Origin.none(), result.value())));
    }
    return results;
  }

  private long endOffset(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  private long onTimeResults() throws DecodeException {
    return results().stream().filter(result -> result.getTiming().equals("ON_TIME")).count();
  }

  private void holdAgainstGolden() throws IOException, DecodeException, EncodeException {
    Encoder<PageStatistics> encoder = Encoders.json(PageStatistics.class);
    encoder.open();
    List<String> lines = new ArrayList<>();
    for (PageStatistics result : results()) {
      lines.add(new String(encoder.encode(result), UTF_8));
    }
    Golden.hold(Files.write(folder.resolve("results.jsonl"), lines));
  }

  /** Returns the category of each dead letter by its coordinates; each has come once. */
  private Map<String, String> deadLetters() throws IOException {
    Map<String, String> letters = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(name + ".dead-letters")) {
      DeadLetter letter = DeadLetterCodec.decode(record.value());
      assertThat(letter.getSource()).isEqualTo(name);
      String twice =
          letters.put(letter.getPartition() + "@" + letter.getOffset(), letter.getCategory());
      assertThat(twice).as("second dead letter of %s", letter).isNull();
    }
    return letters;
  }
}
