package org.beamtemplates.transforms.io;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Settings of the Kafka producers. */
public final class KafkaProducers {

  private KafkaProducers() {}

  /**
   * Settings that lose nothing: acknowledged by all in-sync replicas, retried without duplicates
   * within a producer's life, for as long as {@code delivery.timeout.ms} (2 minutes); then the
   * bundle fails and the runner retries it. Compressed with lz4; linger 5 ms.
   *
   * @param maxBytes the largest record, in bytes
   */
  public static Map<String, Object> safe(int maxBytes) {
    return Map.of(
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        // The limit holds for key, headers and framing, too.
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        maxBytes + 48_576);
  }
}
