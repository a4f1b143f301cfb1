package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deliver.KafkaDelivery;
import org.beamtemplates.transforms.ingest.KafkaIngestion.Batching;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Problems.Problem;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ingestion from a real broker, with both of KafkaIO's readers, and in batches. */
@ExtendWith(KafkaExtension.class)
class KafkaIngestionTest {

  /** How records are read. */
  enum Reader {
    LEGACY("--experiments=use_deprecated_read", Batching.NEVER),
    SDF("--experiments=use_sdf_read", Batching.NEVER),
    BATCHES("--experiments=use_deprecated_read", Batching.ALWAYS),
    BATCHES_KEPT_TOGETHER("--experiments=use_deprecated_read", Batching.ALWAYS),
    SDF_GATHERED("--experiments=use_sdf_read", Batching.NEVER);

    private final String option;
    private final Batching batching;

    Reader(String option, Batching batching) {
      this.option = option;
      this.batching = batching;
    }
  }

  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  private final LocalKafka kafka;
  private final String in = "in-" + UUID.randomUUID();
  private final String out = "out-" + UUID.randomUUID();
  private final String dead = "dead-" + UUID.randomUUID();

  KafkaIngestionTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void createTopics() {
    kafka.createTopic(in, 4);
    kafka.createTopic(out, 1);
    kafka.createTopic(dead, 1);
  }

  @ParameterizedTest
  @EnumSource
  void closesWindowsThoughAPartitionHasNeverDeliveredARecord(Reader reader) {
    send(0, "a@" + NOON, "b@" + (NOON + 30_000));
    send(1, "c@" + (NOON + 1_000));
    send(2, "d@" + (NOON + 61_000));

    try (RunningPipeline job = start(reader)) {
      job.await(() -> results().size() == 2);

      assertThat(results())
          .containsExactlyInAnyOrder(NOON + " = 3 ON_TIME", (NOON + 60_000) + " = 1 ON_TIME");
      assertThat(job.dropped()).isZero();
      assertThat(deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closesWindowsThoughPartitionsEndWithTransactionMarkers(Reader reader) {
    transaction(transacted(0, "a@" + NOON), true);
    transaction(transacted(0, "aborted@" + (NOON + 1_000)), false);
    transaction(transacted(1, "aborted@" + (NOON + 2_000)), false);
    transaction(transacted(2, "b@" + (NOON + 3_000)), true);

    try (RunningPipeline job = start(reader)) {
      job.await(() -> !results().isEmpty());

      assertThat(results()).containsExactly(NOON + " = 2 ON_TIME");
      assertThat(ingested(job)).isEqualTo(2);
      assertThat(job.dropped()).isZero();
      assertThat(deadLetters()).isEmpty();
    }
  }

  private ProducerRecord<byte[], byte[]> transacted(int partition, String value) {
    return new ProducerRecord<>(in, partition, null, value.getBytes(UTF_8));
  }

  private void transaction(ProducerRecord<byte[], byte[]> record, boolean commit) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                "tx-" + UUID.randomUUID()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<RecordMetadata> unused = producer.send(record);
      producer.flush();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void buriesEachBrokenRecordWithItsCoordinates(Reader reader) {
    send(0, "good@" + NOON, "garbage", "bug", null, "old@0", "new@4102444800000");
    send(1, "?", "b@" + (NOON + 1_000));

    try (RunningPipeline job = start(reader)) {
      job.await(() -> !results().isEmpty() && deadLetters().size() >= 6);

      assertThat(results()).containsExactly(NOON + " = 2 ON_TIME");
      assertThat(deadLetters())
          .containsExactlyInAnyOrder(
              "DECODE 0@1 garbage: not text@millis",
              "DECODE 0@2 bug: a decoder with a bug",
              "DECODE 0@3 null: the record has no value",
              "VALIDATE 0@4 old@0: event time 0 ms since the epoch is not between",
              "VALIDATE 0@5 new@4102444800000: event time 4102444800000 ms since the epoch is not"
                  + " between",
              "DECODE 1@0 ?: not text@millis");
      assertThat(job.accounting().stage("ingest").in()).isEqualTo(8);
      assertThat(job.accounting().stage("ingest").dead()).isEqualTo(6);
      assertThat(job.accounting().balances()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void decidesLatenessByThePartitionOfTheRecord(Reader reader) {
    // In partition 0 the watermark is past the first minute when "late" comes; in partition 1 it is
    // not when "slow" comes.
    send(0, "a@" + NOON, "b@" + (NOON + 120_000), "late@" + (NOON + 1_000));
    send(1, "slow@" + (NOON + 2_000));

    try (RunningPipeline job = start(reader)) {
      job.await(() -> results().size() == 2 && late(job) == 1);

      assertThat(results())
          .containsExactlyInAnyOrder(NOON + " = 2 ON_TIME", (NOON + 120_000) + " = 1 ON_TIME");
      assertThat(job.dropped()).isZero();
      assertThat(job.accounting().balances()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesUpATopicThatWasEmptyAtTheStart(Reader reader) {
    try (RunningPipeline job = start(reader)) {
      job.await(() -> job.state() == PipelineResult.State.RUNNING);
      send(2, "a@" + System.currentTimeMillis());

      // A reader that is reopened may hand a record out again: it is counted twice then.
      job.await(() -> job.accounting().stage("aggregate").in() >= 1);
      assertThat(late(job)).isZero();
      assertThat(deadLetters()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LEGACY", "BATCHES"})
  void startsAtTheFirstRecordOfATimeAndAtTheEndOfAPartitionWithoutOne(Reader reader) {
    kafka.send(
        List.of(
            record(0, "before@" + NOON, NOON),
            record(0, "after@" + (NOON + 5_000), NOON + 5_000),
            record(1, "old@" + NOON, NOON)));

    try (RunningPipeline job = start(reader, StartFrom.timestamp(Instant.ofEpochMilli(NOON + 1)))) {
      job.await(() -> !results().isEmpty());

      assertThat(results()).containsExactly(NOON + " = 1 ON_TIME");
      assertThat(job.accounting().stage("ingest").in()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LEGACY", "BATCHES"})
  void startsWhereTheGroupHasCommittedOrAtTheBeginningAsItIsTold(Reader reader) throws Exception {
    send(0, "a@" + NOON);
    try (RunningPipeline job = start(reader, StartFrom.committed())) {
      // The Direct runner finalizes what it has read when it reads more, in another batch.
      job.await(
          () -> {
            send(0, "b@" + NOON);
            return committed() >= 1;
          });
    }
    try (RunningPipeline job = start(reader, StartFrom.earliest())) {
      job.await(() -> ingested(job) >= 2);
    }
    // One more, so that there is something behind whatever was committed.
    send(0, "c@" + NOON);
    long behind = count(in) - committed();
    try (RunningPipeline job = start(reader, StartFrom.committed())) {
      job.await(() -> ingested(job) >= behind);
      assertThat(ingested(job)).isLessThan(count(in));
    }
    try (RunningPipeline job = start(reader, StartFrom.latest())) {
      job.await(
          () -> {
            send(0, "d@" + NOON);
            return ingested(job) >= 1;
          });
      assertThat(ingested(job)).isLessThan(count(in));
    }
  }

  @Test
  void tellsThePartitionsThatAJobThatGoesOnWouldNotRead() throws Exception {
    assertThat(wouldMiss()).as("the group has never committed: nothing is known").isEmpty();
    commit(0, 1, 2, 3);
    assertThat(wouldMiss()).as("the group knows them all").isEmpty();

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createPartitions(Map.of(in, NewPartitions.increaseTo(6))).all().get();
    }

    assertThat(wouldMiss())
        .singleElement()
        .asString()
        .contains("partitions 4,5 of topic " + in, "group " + group(), "--startFrom=committed")
        .contains("--topic " + in + ":4,5 --reset-offsets --to-earliest");

    commit(4, 5);
    assertThat(wouldMiss()).as("their owner has said that they can wait").isEmpty();
  }

  private List<Problem> wouldMiss() {
    Problems problems = new Problems();
    KafkaIngestion.of(
            new TimedTextDecoder(),
            kafka.bootstrapServers(),
            in,
            group(),
            StartFrom.earliest(),
            EventTime.extractedBy(TimedTextDecoder.extractor()))
        .checkResume(problems);
    return problems.all();
  }

  private void commit(int... partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .alterConsumerGroupOffsets(
              group(),
              IntStream.of(partitions)
                  .boxed()
                  .collect(
                      toMap(
                          partition -> new TopicPartition(in, partition),
                          unused -> new OffsetAndMetadata(0))))
          .all()
          .get();
    }
  }

  private static long ingested(RunningPipeline job) {
    return job.accounting().stage("ingest").in();
  }

  private long count(String topic) {
    return kafka.readAll(topic).size();
  }

  private long committed() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(group())
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(in, 0));
      return offset == null ? -1 : offset.offset();
    }
  }

  private String group() {
    return "group-of-" + in;
  }

  private RunningPipeline start(Reader reader) {
    return start(reader, StartFrom.earliest());
  }

  private RunningPipeline start(Reader reader, StartFrom startFrom) {
    Pipeline pipeline =
        Pipeline.create(RunningPipeline.options(PipelineOptions.class, reader.option));
    try (DeadLetters deadLetters =
        DeadLetters.of("test", "1", DeadLetterSinks.kafka(kafka.bootstrapServers(), dead))) {
      KafkaIngestion<String> ingestion =
          KafkaIngestion.of(
                  new TimedTextDecoder(),
                  kafka.bootstrapServers(),
                  in,
                  group(),
                  startFrom,
                  EventTime.extractedBy(TimedTextDecoder.extractor()))
              .withBatching(reader.batching)
              .withDeadLetters(deadLetters);
      WindowedAggregation<String, String> counting =
          WindowedAggregation.by((String text) -> "all", StringUtf8Coder.of())
              .inFixedWindows(Duration.ofMinutes(1));
      Aggregated<String, String, Long> counted =
          switch (reader) {
            case BATCHES_KEPT_TOGETHER, SDF_GATHERED ->
                pipeline
                    .apply("Ingest", ingestion.inBatches())
                    .apply("Count", counting.combiningBatches(Count.combineFn()));
            default ->
                pipeline
                    .apply("Ingest", ingestion)
                    .apply("Count", counting.combining(Count.combineFn()));
          };
      counted
          .results()
          .apply(
              "Show",
              MapElements.into(TypeDescriptors.strings())
                  .via(
                      result ->
                          result.windowStartMillis()
                              + " = "
                              + result.value()
                              + " "
                              + result.timing()))
          .apply(
              "Deliver",
              KafkaDelivery.to(
                      kafka.bootstrapServers(), out, (String line) -> line, new TextEncoder())
                  .withDeadLetters(deadLetters));
    }
    return RunningPipeline.start(pipeline);
  }

  private static long late(RunningPipeline job) {
    return job.accounting().stage("aggregate").late();
  }

  private void send(int partition, @Nullable String... values) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String value : values) {
      records.add(
          new ProducerRecord<>(in, partition, null, value == null ? null : value.getBytes(UTF_8)));
    }
    kafka.send(records);
  }

  private ProducerRecord<byte[], byte[]> record(int partition, String value, long timestamp) {
    return new ProducerRecord<>(in, partition, timestamp, null, value.getBytes(UTF_8));
  }

  private List<String> results() {
    List<String> lines = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> line : kafka.readAll(out)) {
      lines.add(new String(line.value(), UTF_8));
    }
    return lines;
  }

  private List<String> deadLetters() {
    List<String> lines = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> line : kafka.readAll(dead)) {
      DeadLetter letter = DeadLetterCodec.decode(line.value());
      assertThat(letter.getSource()).isEqualTo(in);
      assertThat(letter.getId()).isEqualTo(new String(line.key(), UTF_8));
      String message = letter.getErrorMessage();
      int detail = message.indexOf(" between ");
      lines.add(
          letter.getCategory()
              + " "
              + letter.getPartition()
              + "@"
              + letter.getOffset()
              + " "
              + (letter.getPayload() == null ? null : UTF_8.decode(letter.getPayload()))
              + ": "
              + (detail < 0 ? message : message.substring(0, detail + 8)));
    }
    return lines;
  }

  /** Writes text as it is. */
  private static final class TextEncoder implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) {
      return value.getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
