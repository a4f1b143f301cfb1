package org.beamtemplates.benchmarks.speed.streams;

import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.beamtemplates.benchmarks.speed.Engine;
import org.beamtemplates.benchmarks.speed.Job;

/**
 * Kafka Streams, which reads Kafka and nothing else; at least once, like the others' checkpoints.
 *
 * <p>Stores are in memory or in RocksDB, with changelogs in the broker, as in production. What the
 * broker does for them is not in the figures, as it is in another JVM; there are no copies of
 * changelogs in other brokers.
 */
public final class StreamsEngine implements Engine {

  /** All cards fit in, so that a changelog gets each but once a commit. */
  private static final long CACHE_BYTES = 256L << 20;

  private static final int BATCH_BYTES = 128 << 10;

  @Override
  public boolean does(Job job) {
    return job.source() == Job.Source.KAFKA;
  }

  @Override
  public void run(Job job) {
    KafkaStreams streams = new KafkaStreams(PaymentTopology.of(job), config(job));
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close, "close"));
    streams.start();
  }

  private static Properties config(Job job) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "payments-" + UUID.randomUUID());
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrapServers());
    config.put(StreamsConfig.STATE_DIR_CONFIG, job.folder().resolve("state").toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, job.parallelism());
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, PaymentSerde.class);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Job.CHECKPOINT_MILLIS);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    config.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
    config.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        Job.FETCH_MAX_WAIT_MILLIS);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    return config;
  }
}
