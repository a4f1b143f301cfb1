package org.beamtemplates.transforms.ingest;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.beamtemplates.transforms.ingest.IdleAwarePolicyFactory.Stamp;
import org.beamtemplates.transforms.record.Ingested;
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
 * (<a href="https://github.com/apache/beam/issues/20908">beam#20908</a>). A partition whose last
 * offset is a transaction marker is never known to be empty. The same with both of KafkaIO's
 * readers.
 *
 * <p>Runner limits: partitions added while a job runs are not picked up by the classic runners.
 *
 * @param <T> type of the values
 */
public final class KafkaIngestion<T> extends PTransform<PBegin, PCollection<Ingested<T>>> {

  private static final long serialVersionUID = 1L;

  private final Decoder<T> decoder;
  private final String bootstrapServers;
  private final String topic;
  private final String groupId;
  private final StartFrom startFrom;
  private final EventTime eventTime;
  private final Validator<T> validator;
  private final String stage;
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
      @Nullable DeadLetters deadLetters) {
    this.decoder = requireNonNull(decoder, "decoder");
    this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
    this.topic = requireNonNull(topic, "topic");
    this.groupId = requireNonNull(groupId, "groupId");
    this.startFrom = requireNonNull(startFrom, "startFrom");
    this.eventTime = requireNonNull(eventTime, "eventTime");
    this.validator = requireNonNull(validator, "validator");
    this.stage = requireNonNull(stage, "stage");
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
        null);
  }

  /** Also checks the content of values; what is not valid becomes a dead letter. */
  public KafkaIngestion<T> withValidator(Validator<T> other) {
    return copy(other, stage, deadLetters);
  }

  /** Where records go that cannot be processed. Required. */
  public KafkaIngestion<T> withDeadLetters(DeadLetters handler) {
    return copy(validator, stage, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second ingestion in a
   * pipeline. Default: ingest.
   */
  public KafkaIngestion<T> named(String stageName) {
    return copy(validator, stageName, deadLetters);
  }

  private KafkaIngestion<T> copy(
      Validator<T> newValidator, String newStage, @Nullable DeadLetters newDeadLetters) {
    return new KafkaIngestion<>(
        decoder,
        bootstrapServers,
        topic,
        groupId,
        startFrom,
        eventTime,
        newValidator,
        newStage,
        newDeadLetters);
  }

  @Override
  public PCollection<Ingested<T>> expand(PBegin begin) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: records would be lost");
    DecodeStep<T> step = new DecodeStep<>(decoder, validator, eventTime, handler.stage(stage));
    return step.decodeWith(new DecodeFn<>(step), begin.apply("Read", read()), handler);
  }

  private KafkaIO.Read<byte[], byte[]> read() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return KafkaIO.<byte[], byte[]>read()
        .withBootstrapServers(bootstrapServers)
        .withTopics(List.of(topic))
        .withKeyDeserializer(ByteArrayDeserializer.class)
        .withValueDeserializer(ByteArrayDeserializer.class)
        .withConsumerConfigUpdates(config)
        .withConsumerFactoryFn(new PositionedConsumers(startFrom))
        .withTimestampPolicyFactory(new IdleAwarePolicyFactory(eventTime))
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
      Stamp stamp = IdleAwarePolicyFactory.stampOf(kafkaRecord);
      step.process(
          KafkaRecords.toRaw(kafkaRecord), stamp.reading(), stamp.watermarkMillis(), output);
    }
  }
}
