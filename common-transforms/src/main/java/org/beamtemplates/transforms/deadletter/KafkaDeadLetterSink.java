package org.beamtemplates.transforms.deadletter;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.io.ByteRecordCoder;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes dead letters to a Kafka topic: see {@link DeadLetterSinks#kafka}. */
public final class KafkaDeadLetterSink implements DeadLetterSink {

  /** Kafka's default limit of a message, less room for its key, headers and framing. */
  static final int DEFAULT_MAX_BYTES = 1_000_000;

  private final String bootstrapServers;
  private final String topic;
  private final int maxBytes;
  private final @Nullable PayloadOverflow overflow;

  KafkaDeadLetterSink(String bootstrapServers, String topic) {
    this(bootstrapServers, topic, DEFAULT_MAX_BYTES, null);
  }

  private KafkaDeadLetterSink(
      String bootstrapServers, String topic, int maxBytes, @Nullable PayloadOverflow overflow) {
    this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers");
    this.topic = requireNonNull(topic, "topic");
    this.maxBytes = maxBytes;
    this.overflow = overflow;
  }

  /** Sets the largest envelope in bytes that the topic takes. */
  public KafkaDeadLetterSink withMaxBytes(int bytes) {
    if (bytes < 10_000) {
      throw new IllegalArgumentException("an envelope needs 10000 bytes at least, not " + bytes);
    }
    return new KafkaDeadLetterSink(bootstrapServers, topic, bytes, overflow);
  }

  /** Writes payloads that do not fit into files in this folder, named by the dead letter's id. */
  public KafkaDeadLetterSink withOverflowTo(String folder) {
    return new KafkaDeadLetterSink(bootstrapServers, topic, maxBytes, new PayloadOverflow(folder));
  }

  @Override
  public POutput write(PCollection<DeadLetter> deadLetters) {
    return deadLetters
        .apply(
            "EncodeDeadLetters", ParDo.of(new EncodeDeadLetterFn(topic, maxBytes, overflow)))
        .setCoder(new ByteRecordCoder())
        .apply(
            "WriteDeadLetters",
            KafkaIO.<byte[], byte[]>writeRecords()
                .withBootstrapServers(bootstrapServers)
                .withKeySerializer(ByteArraySerializer.class)
                .withValueSerializer(ByteArraySerializer.class)
                .withProducerConfigUpdates(KafkaProducers.safe(maxBytes)));
  }
}
