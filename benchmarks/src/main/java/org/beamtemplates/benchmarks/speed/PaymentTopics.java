package org.beamtemplates.benchmarks.speed;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.services.LocalKafka;

/** Topics that are full of payments before anyone reads them, each made when it is asked for. */
public final class PaymentTopics {

  private final LocalKafka kafka;
  private final Set<String> topics = new HashSet<>();

  /** Which partition a payment is in. */
  private enum By {
    CARD,
    TURN
  }

  /** Topics of a broker. */
  public PaymentTopics(LocalKafka kafka) {
    this.kafka = kafka;
  }

  /** Returns the topic of these keys, and fills it with this many payments the first time. */
  public String of(PaymentData.Keys keys, long count) {
    return of(keys, count, By.CARD);
  }

  /**
   * Returns a topic where all partitions have the same number of payments, and those of a card are
   * in all of them: as producers without a key write it.
   */
  public String spread(PaymentData.Keys keys, long count) {
    return of(keys, count, By.TURN);
  }

  private String of(PaymentData.Keys keys, long count, By by) {
    String topic =
        "payments-%s-%d-by-%s".formatted(keys, count, by.name().toLowerCase(Locale.ROOT));
    if (!topics.contains(topic)) {
      fill(topic, keys, count, by);
      topics.add(topic);
    }
    return topic;
  }

  private void fill(String topic, PaymentData.Keys keys, long count, By by) {
    kafka.createTopic(topic, PaymentData.PARTITIONS);
    PaymentCodec codec = new PaymentCodec();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            kafka.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            64 << 10);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      PaymentData.Reader reader = PaymentData.of(keys, count).read();
      while (reader.hasNext()) {
        long turn = reader.position();
        byte[] value = reader.next();
        boolean byCard = by == By.CARD || turn >= count;
        int partition = byCard ? reader.partition() : Math.floorMod(turn, PaymentData.PARTITIONS);
        byte[] key = PaymentData.key(codec.decode(value));
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, partition, reader.timeMillis(), key, value),
                (metadata, error) -> failure.compareAndSet(null, error));
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("Cannot fill " + topic, failure.get());
    }
  }
}
