package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetterCoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.io.ByteRecordCoder;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes values to a Kafka topic.
 *
 * <p>In: {@code PCollection<T>}. Guarantee: at least once; consumers tell repeated records by their
 * key. A value that cannot be encoded, or that is larger than a record may be, becomes a dead
 * letter of category DELIVER: in Kafka's producer it would fail its bundle for ever. Broker away:
 * retried.
 *
 * <p>Kafka's timestamp of a record is the time of its writing and not the time of the element: a
 * topic's retention would delete a result of old events at once, and a broker may refuse the early
 * result of a window that ends tomorrow.
 *
 * @param <T> type of the values
 */
public final class KafkaDelivery<T> extends PTransform<PCollection<T>, PDone> {

  private static final long serialVersionUID = 1L;

  /** Name of the stage in the accounting and in the dead letters, unless another is chosen. */
  static final String DEFAULT_STAGE = "deliver";

  private static final int MAX_RECORD_BYTES = 1_000_000;

  private final String bootstrapServers;
  private final String topic;
  private final SerializableFunction<T, String> key;
  private final Encoder<T> encoder;
  private final String stage;
  // Only used while the pipeline is built.
  private final transient @Nullable DeadLetters deadLetters;

  private KafkaDelivery(
      String bootstrapServers,
      String topic,
      SerializableFunction<T, String> key,
      Encoder<T> encoder,
      String stage,
      @Nullable DeadLetters deadLetters) {
    this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
    this.topic = requireNonNull(topic, "topic");
    this.key = requireNonNull(key, "key");
    this.encoder = requireNonNull(encoder, "encoder");
    this.stage = requireNonNull(stage, "stage");
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
    return new KafkaDelivery<>(bootstrapServers, topic, key, encoder, DEFAULT_STAGE, null);
  }

  /** Where values go that can never be written. Required. */
  public KafkaDelivery<T> withDeadLetters(DeadLetters handler) {
    return new KafkaDelivery<>(bootstrapServers, topic, key, encoder, stage, handler);
  }

  /**
   * Names the stage in the accounting and in the dead letters. Needed for a second delivery in a
   * pipeline. Default: deliver.
   */
  public KafkaDelivery<T> named(String stageName) {
    return new KafkaDelivery<>(bootstrapServers, topic, key, encoder, stageName, deadLetters);
  }

  @Override
  public PDone expand(PCollection<T> values) {
    DeadLetters handler =
        requireNonNull(deadLetters, "withDeadLetters(…) is missing: values would be lost");
    TupleTag<ProducerRecord<byte[], byte[]>> encoded = new TupleTag<>("encoded") {};
    TupleTag<DeadLetter> dead = new TupleTag<>("dead") {};
    PCollectionTuple outputs =
        values.apply(
            "Encode",
            ParDo.of(
                    new EncodeFn<>(
                        DeliveryStage.of(encoder, handler.stage(stage)), records(topic, key), dead))
                .withOutputTags(encoded, TupleTagList.of(dead)));
    handler.add(stage, outputs.get(dead).setCoder(DeadLetterCoder.of()));
    return outputs
        .get(encoded)
        .setCoder(new ByteRecordCoder())
        .apply(
            "Write",
            KafkaIO.<byte[], byte[]>writeRecords()
                .withBootstrapServers(bootstrapServers)
                .withKeySerializer(ByteArraySerializer.class)
                .withValueSerializer(ByteArraySerializer.class)
                .withProducerConfigUpdates(KafkaProducers.safe(MAX_RECORD_BYTES)));
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
