package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.io.KafkaCheck;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.Problems;
import org.beamtemplates.transforms.launch.Resumed;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.RunnerDependent;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.IngestedBatch;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a Kafka topic: bytes with coordinates, guarded decoding, explicit event time and start.
 *
 * <p>Out: {@code PCollection<Ingested<T>>}, unbounded, in the global window, each with its event
 * time as timestamp. Records that cannot be decoded or are not valid become dead letters with
 * topic, partition and offset; no record can stop or restart the job.
 *
 * <p>Guarantee: at least once into the pipeline, exactly once in its state where the runner
 * checkpoints. Consumed offsets are committed for the group when a checkpoint is final; they are
 * information, not the checkpoint itself.
 *
 * <p>Watermark: per partition, the newest event time minus {@link EventTime#withMaxDelay}; a
 * partition that is known to be empty follows the clock, also if it has never delivered a record
 * (<a href="https://github.com/apache/beam/issues/20908">beam#20908</a>), or if it ends with
 * transaction markers. With the classic reader, one with an open transaction is not empty. The same
 * with both of KafkaIO's readers, and with batches.
 *
 * <p>Transactions: only committed records are read.
 *
 * <p>Where the runner can restore it exactly ({@link RunnerCapabilities#batchedReading}), records
 * are read in batches of up to 500 that do not leave the thread of the reader; the step is named
 * {@code ReadBatches} then, and {@code Read} otherwise. A batch takes 20 ms at most, and is counted
 * once by runners that limit the elements of a bundle. Nothing else differs: timestamps, watermark,
 * lateness, dead letters and counters are those of the records.
 *
 * <p>Runner limits: partitions added while a job runs are not picked up by the classic runners.
 *
 * @param <T> type of the values
 */
public final class KafkaIngestion<T> extends PTransform<PBegin, PCollection<Ingested<T>>>
    implements RunnerDependent, Resumed {

  private static final long serialVersionUID = 1L;

  /**
   * How long a broker may wait for records before it answers. A consumer has one question open at a
   * broker, and asks only for partitions of which it holds nothing: where some are at their end,
   * the answer for the others comes after this time. Kafka's default of 500 ms holds a reader at 2
   * MB a second then.
   */
  private static final int MAX_FETCH_WAIT_MILLIS = 50;

  private static final Duration ASKING = Duration.ofSeconds(2);
  private static final Duration AUDITING = Duration.ofSeconds(10);

  /** Whether records are read in batches. */
  enum Batching {
    AS_THE_RUNNER_CAN,
    ALWAYS,
    NEVER
  }

  private final Decoder<T> decoder;
  private final String bootstrapServers;
  private final String topic;
  private final String groupId;
  private final StartFrom startFrom;
  private final EventTime eventTime;
  private final Validator<T> validator;
  private final String stage;
  private final Batching batching;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private KafkaIngestion(
      Decoder<T> decoder,
      String bootstrapServers,
      String topic,
      String groupId,
      StartFrom startFrom,
      EventTime eventTime,
      Validator<T> validator,
      String stage,
      Batching batching,
      @Nullable DeadLetters deadLetters) {
    this.decoder = requireNonNull(decoder, "decoder");
    this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
    this.topic = requireNonNull(topic, "topic");
    this.groupId = requireNonNull(groupId, "groupId");
    this.startFrom = requireNonNull(startFrom, "startFrom");
    this.eventTime = requireNonNull(eventTime, "eventTime");
    this.validator = requireNonNull(validator, "validator");
    this.stage = requireNonNull(stage, "stage");
    this.batching = requireNonNull(batching, "batching");
    this.deadLetters = deadLetters;
  }

  /**
   * Reads {@code topic}. Everything that must not default silently is asked for here.
   *
   * @param bootstrapServers brokers, {@code host:port,…}
   * @param groupId consumer group that offsets are committed for
   */
  public static <T> KafkaIngestion<T> of(
      Decoder<T> decoder,
      String bootstrapServers,
      String topic,
      String groupId,
      StartFrom startFrom,
      EventTime eventTime) {
    return new KafkaIngestion<>(
        decoder,
        bootstrapServers,
        topic,
        groupId,
        startFrom,
        eventTime,
        Validator.none(),
        DecodeStep.DEFAULT_STAGE,
        Batching.AS_THE_RUNNER_CAN,
        null);
  }

  /** Also checks the content of values; what is not valid becomes a dead letter. */
  public KafkaIngestion<T> withValidator(Validator<T> other) {
    return copy(other, stage, batching, deadLetters);
  }

  /** Where records go that cannot be processed. Required. */
  public KafkaIngestion<T> withDeadLetters(DeadLetters handler) {
    return copy(validator, stage, batching, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second ingestion in a
   * pipeline. Default: ingest.
   */
  public KafkaIngestion<T> named(String stageName) {
    return copy(validator, stageName, batching, deadLetters);
  }

  /** Reads in batches or not, whatever the runner can. For tests. */
  KafkaIngestion<T> withBatching(Batching other) {
    return copy(validator, stage, other, deadLetters);
  }

  private KafkaIngestion<T> copy(
      Validator<T> newValidator,
      String newStage,
      Batching newBatching,
      @Nullable DeadLetters newDeadLetters) {
    return new KafkaIngestion<>(
        decoder,
        bootstrapServers,
        topic,
        groupId,
        startFrom,
        eventTime,
        newValidator,
        newStage,
        newBatching,
        newDeadLetters);
  }

  /**
   * Reads the same into batches: less is done for each value between this step and the next. For
   * steps that take batches, such as the aggregations and states of this library. On a runner that
   * does not read in batches, what comes in a bundle is gathered.
   */
  public PTransform<PBegin, PCollection<IngestedBatch<T>>> inBatches() {
    return new InBatches<>(this);
  }

  @Override
  public PCollection<Ingested<T>> expand(PBegin begin) {
    DecodeStep<T> step = step();
    return readsBatches(begin)
        ? step.decodeWith(new DecodeBatchFn<>(step), readBatches(begin), handler())
        : readEach(begin, step);
  }

  private PCollection<IngestedBatch<T>> expandInBatches(PBegin begin) {
    DecodeStep<T> step = step();
    return readsBatches(begin)
        ? step.decodeTogether(readBatches(begin), handler())
        : readEach(begin, step).apply("Batch", IngestedBatch.gathered());
  }

  private DeadLetters handler() {
    return requireNonNull(deadLetters, "withDeadLetters(…) is missing: records would be lost");
  }

  private DecodeStep<T> step() {
    return new DecodeStep<>(decoder, validator, eventTime, handler().stage(stage));
  }

  private PCollection<List<StampedRecord>> readBatches(PBegin begin) {
    KafkaIO.Read<byte[], byte[]> read =
        read(
            IdleAwarePolicyFactory.forBatches(eventTime), PositionedConsumers.ofFetched(startFrom));
    return begin.apply("ReadBatches", Read.from(inBatches(ReadSources.of(read))));
  }

  private PCollection<Ingested<T>> readEach(PBegin begin, DecodeStep<T> step) {
    PCollection<KafkaRecord<byte[], byte[]>> records =
        begin.apply(
            "Read",
            read(
                IdleAwarePolicyFactory.forRecords(eventTime),
                PositionedConsumers.ofRecords(startFrom)));
    return step.decodeWith(new DecodeFn<>(step), records, handler());
  }

  private boolean readsBatches(PBegin begin) {
    return readsBatches(RunnerCapabilities.of(begin.getPipeline().getOptions()));
  }

  @Override
  public String executionOn(RunnerCapabilities runner) {
    return readsBatches(runner)
        ? "reads batches of up to " + BatchedSource.MAX_RECORDS + " records"
        : "reads record by record"
            + (batching == Batching.NEVER
                ? ""
                : ", as " + runner.name() + " is not known to restore batches exactly");
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    OptionalInt partitions = KafkaCheck.partitions(bootstrapServers, topic, ASKING);
    to.reads(
        "topic "
            + topic
            + (partitions.isPresent()
                ? ", " + partitions.getAsInt() + " partitions"
                : "; its partitions are not known, as the broker did not answer within 2 s")
            + ", committed records only, as group "
            + groupId);
    to.reads(
        "without a checkpoint it begins "
            + startFrom.describe()
            + "; with one, where that stands. Offsets are committed for others to see, and not read"
            + " back");
    to.reads(executionOn(runner));
    to.reads("event time: " + eventTime.describe());
    runner
        .parallelism()
        .ifPresent(
            workers -> {
              if (partitions.isPresent() && partitions.getAsInt() < workers) {
                to.warn(
                    topic
                        + " has "
                        + partitions.getAsInt()
                        + " partitions for "
                        + workers
                        + " subtasks: some read nothing. Add partitions, or take a lower"
                        + " parallelism.");
              }
            });
    if (startFrom.isLatest()) {
      to.warn(
          "--startFrom=latest: what is written while the job is away, and it has no checkpoint, is"
              + " never read.");
    }
  }

  /** A reader keeps the partitions that it had when the job began; no others are ever read. */
  @Override
  public void checkResume(Problems problems) {
    List<Integer> unread =
        KafkaCheck.partitionsUnknownTo(groupId, bootstrapServers, topic, AUDITING);
    if (unread.isEmpty()) {
      return;
    }
    String partitions = unread.stream().map(String::valueOf).collect(joining(","));
    problems.add(
        "",
        "the job is to go on from a savepoint, but partitions "
            + partitions
            + " of topic "
            + topic
            + " have no offset of group "
            + groupId
            + ": they came after the job had begun, and it would never read them (or it has ended"
            + " before the offsets of its first checkpoint were committed). To have them read,"
            + " let the job work off what it has and start it anew with --startFrom=committed; if it"
            + " has to go on from the savepoint, say so with kafka-consumer-groups.sh --group "
            + groupId
            + " --topic "
            + topic
            + ":"
            + partitions
            + " --reset-offsets --to-earliest --execute, and do that afterwards");
  }

  private boolean readsBatches(RunnerCapabilities runner) {
    return switch (batching) {
      case AS_THE_RUNNER_CAN -> runner.batchedReading();
      case ALWAYS -> true;
      case NEVER -> false;
    };
  }

  private static <C extends CheckpointMark> UnboundedSource<List<StampedRecord>, C> inBatches(
      UnboundedSource<KafkaRecord<byte[], byte[]>, C> source) {
    return BatchedSource.of(
        source, new IdleAwarePolicyFactory.Stamped(), StampedBatchCoder.of(), Clock.systemUTC());
  }

  // Nothing here may be for the splittable DoFn alone: batches are read from KafkaIO's other
  // reader.
  private KafkaIO.Read<byte[], byte[]> read(
      IdleAwarePolicyFactory policies, PositionedConsumers consumers) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, MAX_FETCH_WAIT_MILLIS);
    return KafkaIO.<byte[], byte[]>read()
        .withBootstrapServers(bootstrapServers)
        .withTopics(List.of(topic))
        .withKeyDeserializer(ByteArrayDeserializer.class)
        .withValueDeserializer(ByteArrayDeserializer.class)
        .withConsumerConfigUpdates(config)
        .withConsumerFactoryFn(consumers)
        .withTimestampPolicyFactory(policies)
        .commitOffsetsInFinalize();
  }

  private static final class DecodeFn<T> extends DoFn<KafkaRecord<byte[], byte[]>, Ingested<T>> {

    private static final long serialVersionUID = 1L;

    private final DecodeStep<T> step;

    DecodeFn(DecodeStep<T> step) {
      this.step = step;
    }

    @Setup
    public void setup() {
      step.open();
    }

    @ProcessElement
    public void process(
        @Element KafkaRecord<byte[], byte[]> kafkaRecord, MultiOutputReceiver output) {
      step.process(IdleAwarePolicyFactory.stamped(kafkaRecord), output);
    }
  }

  /** Gives each record of a batch its own timestamp, which is never before that of the batch. */
  private static final class DecodeBatchFn<T> extends DoFn<List<StampedRecord>, Ingested<T>> {

    private static final long serialVersionUID = 1L;

    private final DecodeStep<T> step;

    DecodeBatchFn(DecodeStep<T> step) {
      this.step = step;
    }

    @Setup
    public void setup() {
      step.open();
    }

    @ProcessElement
    public void process(@Element List<StampedRecord> batch, MultiOutputReceiver output) {
      step.process(batch, output);
    }
  }

  private static final class InBatches<T> extends PTransform<PBegin, PCollection<IngestedBatch<T>>>
      implements RunnerDependent, Resumed {

    private static final long serialVersionUID = 1L;

    private final KafkaIngestion<T> ingestion;

    InBatches(KafkaIngestion<T> ingestion) {
      this.ingestion = ingestion;
    }

    @Override
    public PCollection<IngestedBatch<T>> expand(PBegin begin) {
      return ingestion.expandInBatches(begin);
    }

    @Override
    public String executionOn(RunnerCapabilities runner) {
      return ingestion.executionOn(runner);
    }

    @Override
    public void explain(RunnerCapabilities runner, Explanation to) {
      ingestion.explain(runner, to);
    }

    @Override
    public void checkResume(Problems problems) {
      ingestion.checkResume(problems);
    }
  }
}
