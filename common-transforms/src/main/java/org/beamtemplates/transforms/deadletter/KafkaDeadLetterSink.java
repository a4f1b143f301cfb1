package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.beamtemplates.schemas.DeadLetter;

/** Writes dead letters to a Kafka topic: see {@link DeadLetterSinks#kafka}. */
public final class KafkaDeadLetterSink implements DeadLetterSink {

  /** Kafka's default limit of a message, less room for its key, headers and framing. */
  static final int DEFAULT_MAX_BYTES = 1_000_000;

  /** How long brokers that are away are waited for, until the bundle fails and is repeated. */
  private static final Map<String, Object> PATIENCE =
      Map.of(
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          600_000,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          600_000L);

  private final String bootstrapServers;
  private final String topic;
  private final int maxBytes;
  private final PayloadOverflow overflow;
  private final boolean connectHeaders;

  KafkaDeadLetterSink(String bootstrapServers, String topic) {
    this(bootstrapServers, topic, DEFAULT_MAX_BYTES, PayloadOverflow.none(), true);
  }

  private KafkaDeadLetterSink(
      String bootstrapServers,
      String topic,
      int maxBytes,
      PayloadOverflow overflow,
      boolean connectHeaders) {
    this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
    this.topic = requireNonNull(topic, "topic");
    this.maxBytes = maxBytes;
    this.overflow = overflow;
    this.connectHeaders = connectHeaders;
  }

  /** Sets the largest envelope, its headers included, that the topic takes, in bytes. */
  public KafkaDeadLetterSink withMaxBytes(int bytes) {
    if (bytes < 10_000) {
      throw new IllegalArgumentException("an envelope needs 10000 bytes at least, not " + bytes);
    }
    return new KafkaDeadLetterSink(bootstrapServers, topic, bytes, overflow, connectHeaders);
  }

  /** Writes payloads that do not fit into files in this folder, named by the dead letter's id. */
  public KafkaDeadLetterSink withOverflowTo(String folder) {
    return new KafkaDeadLetterSink(
        bootstrapServers, topic, maxBytes, PayloadOverflow.to(folder), connectHeaders);
  }

  /**
   * Leaves out the headers of Kafka Connect's dead letter queue, which make a small dead letter
   * larger by some 360 bytes, or by some 20 when batches are compressed.
   */
  public KafkaDeadLetterSink withoutConnectHeaders() {
    return new KafkaDeadLetterSink(bootstrapServers, topic, maxBytes, overflow, false);
  }

  @Override
  public POutput write(PCollection<DeadLetter> deadLetters) {
    return deadLetters.apply(
        "WriteDeadLetters",
        ParDo.of(
            new SendDeadLettersFn(
                bootstrapServers,
                topic,
                maxBytes,
                new EnvelopeLimit(overflow),
                connectHeaders,
                PATIENCE)));
  }
}
