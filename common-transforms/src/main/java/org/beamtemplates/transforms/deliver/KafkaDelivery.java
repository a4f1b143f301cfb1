package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.io.ByteRecordCoder;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.launch.RunnerDependent;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;

/**
 * Writes values to a Kafka topic.
 *
 * <p>In: {@code PCollection<T>}, in any windows. A value that cannot be encoded, or that Kafka will
 * never take (too large for the client or the topic, a topic that does not exist, a policy of the
 * broker), becomes a dead letter of category DELIVER: in Kafka's producer it would fail its bundle
 * for ever. A broker that is away is waited for, for two minutes; then the bundle fails, and the
 * runner tries it again.
 *
 * <p>Guarantee: <em>at least once</em> by default: after a failure, records are written again, and
 * consumers tell repeated ones by their key. A bundle ends when all in-sync replicas have its
 * records. <em>Exactly once</em> if {@link #exactlyOnce asked for}.
 *
 * <p>Kafka's timestamp of a record is the time of its writing and not the time of the element: a
 * topic's retention would delete a result of old events at once, and a broker may refuse the early
 * result of a window that ends tomorrow.
 *
 * <p>Accounting: in = out + dead; out are those that the broker has acknowledged, or for exactly
 * once, those handed to the transactional sink.
 *
 * @param <T> type of the values
 */
public final class KafkaDelivery<T> extends PTransform<PCollection<T>, PDone>
    implements RunnerDependent {

  private static final long serialVersionUID = 1L;

  /** Name of the stage in the accounting and in the dead letters, unless another is chosen. */
  static final String DEFAULT_STAGE = "deliver";

  private static final int MAX_RECORD_BYTES = 1_000_000;

  private final String bootstrapServers;
  private final String topic;
  private final SerializableFunction<T, String> key;
  private final Encoder<T> encoder;
  private final String stage;
  private final @Nullable Exactness exactness;
  private final HashMap<String, Object> producerConfig;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  /** How records are written exactly once. */
  private record Exactness(String sinkGroupId, int shards) implements Serializable {}

  private KafkaDelivery(
      String bootstrapServers,
      String topic,
      SerializableFunction<T, String> key,
      Encoder<T> encoder,
      String stage,
      @Nullable Exactness exactness,
      Map<String, Object> producerConfig,
      @Nullable DeadLetters deadLetters) {
    this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
    this.topic = requireNonNull(topic, "topic");
    this.key = requireNonNull(key, "key");
    this.encoder = requireNonNull(encoder, "encoder");
    this.stage = requireNonNull(stage, "stage");
    this.exactness = exactness;
    this.producerConfig = new HashMap<>(producerConfig);
    this.deadLetters = deadLetters;
  }

  /**
   * Writes to {@code topic}.
   *
   * @param bootstrapServers brokers, {@code host:port,…}
   * @param key deterministic key of a value, the same for every revision of it
   */
  public static <T> KafkaDelivery<T> to(
      String bootstrapServers,
      String topic,
      SerializableFunction<T, String> key,
      Encoder<T> encoder) {
    return new KafkaDelivery<>(
        bootstrapServers, topic, key, encoder, DEFAULT_STAGE, null, Map.of(), null);
  }

  /** Where values go that can never be written. Required. */
  public KafkaDelivery<T> withDeadLetters(DeadLetters handler) {
    return copy(stage, exactness, producerConfig, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second delivery in a
   * pipeline. Default: deliver.
   */
  public KafkaDelivery<T> named(String stageName) {
    return copy(stageName, exactness, producerConfig, deadLetters);
  }

  /** Sets further properties of the producers, such as {@code delivery.timeout.ms}. */
  public KafkaDelivery<T> withProducerConfig(Map<String, Object> more) {
    return copy(stage, exactness, more, deadLetters);
  }

  /**
   * Writes each value exactly once, in Kafka's transactions: records are numbered, and a
   * transaction tells with them up to which number its shard is written.
   *
   * <p>A consumer must read with {@code isolation.level=read_committed}: to others, what a failed
   * attempt wrote is visible. Latency: a record is visible when the checkpoint after it is
   * complete. Cost: two shuffles more, and the records of a checkpoint in state. Needs a runner
   * that gives a step the same input again ({@link RunnerCapabilities#stableInput}): Flink with
   * checkpoints that are exactly once; it is refused elsewhere while the pipeline is built.
   *
   * <p>A record that is too large for the topic is a dead letter, as the topic's limit is asked for
   * first; a topic that is deleted under the job is waited for. Kafka forgets how far a shard is
   * when its group was idle for {@code offsets.retention.minutes} (a week): a job that goes on from
   * its checkpoint after that may write the records of one checkpoint again.
   *
   * <p>KafkaIO's own sink for this is not used: after a failure it finds its producer in the midst
   * of a transaction, and the job restarts for ever; and a job that fails between its first
   * transaction and the checkpoint after it cannot go on.
   *
   * @param sinkGroupId names what the sink keeps in Kafka about this job: unique among all jobs,
   *     and the same after a restart. A job that is started without its checkpoint needs a new one
   * @param shards how many writers there are: more of them write faster, each with transactions of
   *     its own
   */
  public KafkaDelivery<T> exactlyOnce(String sinkGroupId, int shards) {
    requireNonNull(sinkGroupId, "sinkGroupId");
    if (shards < 1) {
      throw new IllegalArgumentException("shards must be 1 at least, not " + shards);
    }
    return copy(stage, new Exactness(sinkGroupId, shards), producerConfig, deadLetters);
  }

  private KafkaDelivery<T> copy(
      String newStage,
      @Nullable Exactness newExactness,
      Map<String, Object> newProducerConfig,
      @Nullable DeadLetters newDeadLetters) {
    return new KafkaDelivery<>(
        bootstrapServers,
        topic,
        key,
        encoder,
        newStage,
        newExactness,
        newProducerConfig,
        newDeadLetters);
  }

  @Override
  public String executionOn(RunnerCapabilities runner) {
    return exactness == null
        ? "writes at least once"
        : "writes exactly once, in transactions of " + exactness.shards() + " shards";
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.writes("topic " + topic + ", " + executionOn(runner).substring("writes ".length()));
    to.writes(
        exactness == null
            ? "after a failure records are written again, with the same key; in compacted topics and"
                + " upserts that changes nothing"
            : "visible to readers with isolation.level=read_committed, when a checkpoint completes");
  }

  @Override
  public PDone expand(PCollection<T> values) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: values would be lost");
    DeliveryStage<T> delivery = DeliveryStage.of(encoder, handler.stage(stage));
    return exactness == null
        ? send(values, delivery, handler)
        : sendInTransactions(values, delivery, handler, exactness);
  }

  private PDone send(PCollection<T> values, DeliveryStage<T> delivery, DeadLetters handler) {
    handler.add(
        stage,
        values.apply(
            "Send",
            ParDo.of(
                new SendFn<>(
                    bootstrapServers,
                    topic,
                    MAX_RECORD_BYTES,
                    delivery,
                    records(topic, key),
                    producerConfig))));
    return PDone.in(values.getPipeline());
  }

  private PDone sendInTransactions(
      PCollection<T> values, DeliveryStage<T> delivery, DeadLetters handler, Exactness exact) {
    RunnerCapabilities runner = RunnerCapabilities.of(values.getPipeline().getOptions());
    if (!runner.stableInput()) {
      throw new IllegalStateException(
          "exactlyOnce(…): "
              + runner.name()
              + " does not give a step the same input again after a failure, at least with these"
              + " options. Flink does, with --checkpointingInterval and"
              + " --checkpointingMode=EXACTLY_ONCE; or deliver at least once");
    }
    TupleTag<ProducerRecord<byte[], byte[]>> encoded = new TupleTag<>("encoded") {};
    TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        values.apply(
            "Encode",
            ParDo.of(
                    new EncodeFn<>(
                        delivery,
                        new AdmittedRecords<>(bootstrapServers, topic, records(topic, key)),
                        dead))
                .withOutputTags(encoded, TupleTagList.of(dead)));
    handler.add(stage, outputs.get(dead).setCoder(DeadLetterCoder.of()));
    outputs
        .get(encoded)
        .setCoder(new ByteRecordCoder())
        .apply(
            "Gather",
            Window.<ProducerRecord<byte[], byte[]>>into(new GlobalWindows())
                .triggering(DefaultTrigger.of())
                .withAllowedLateness(Duration.ZERO)
                .discardingFiredPanes())
        .apply("Shard", ParDo.of(new ShardFn(exact.shards())))
        .setCoder(KvCoder.of(VarIntCoder.of(), new ByteRecordCoder()))
        .apply("Number", ParDo.of(new NumberFn()))
        .setCoder(KvCoder.of(VarIntCoder.of(), Numbered.coder()))
        .apply(
            "Write",
            ParDo.of(
                new TransactFn(
                    bootstrapServers,
                    topic,
                    exact.sinkGroupId(),
                    MAX_RECORD_BYTES,
                    producerConfig)));
    return PDone.in(values.getPipeline());
  }

  private static <T> EncodeFn.Written<T, ProducerRecord<byte[], byte[]>> records(
      String topic, SerializableFunction<T, String> key) {
    return (value, bytes) -> record(topic, key.apply(value).getBytes(UTF_8), bytes);
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, byte[] key, byte[] value)
      throws EncodeException {
    long size = (long) key.length + value.length;
    if (size > MAX_RECORD_BYTES) {
      throw new EncodeException("the record has " + size + " bytes, more than " + MAX_RECORD_BYTES);
    }
    return new ProducerRecord<>(topic, key, value);
  }
}
