package org.beamtemplates.benchmarks.speed;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.services.LocalKafka;

/** Topics that are full of payments before anyone reads them, each made when it is asked for. */
final class PaymentTopics {

  private final LocalKafka kafka;
  private final Map<PaymentData.Keys, String> topics = new EnumMap<>(PaymentData.Keys.class);

  PaymentTopics(LocalKafka kafka) {
    this.kafka = kafka;
  }

  /** Returns the topic of these keys, and fills it with this many payments the first time. */
  String of(PaymentData.Keys keys, long count) {
    return topics.computeIfAbsent(keys, unused -> fill(keys, count));
  }

  private String fill(PaymentData.Keys keys, long count) {
    String topic = "payments-" + keys.name().toLowerCase(Locale.ROOT) + "-" + count;
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
        byte[] value = reader.next();
        byte[] key = PaymentData.key(codec.decode(value));
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, reader.partition(), reader.timeMillis(), key, value),
                (metadata, error) -> failure.compareAndSet(null, error));
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("Cannot fill " + topic, failure.get());
    }
    return topic;
  }
}
