package org.beamtemplates.transforms.deliver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Refuses what a topic would refuse, before a sink whose transaction cannot go on without it. The
 * topic's own limit is asked for once on each worker; it is one of compressed batches, so that a
 * record just below it is refused here though it might fit.
 */
final class AdmittedRecords<T> implements EncodeFn.Written<T, ProducerRecord<byte[], byte[]>> {

  private static final long serialVersionUID = 1L;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Framing of a batch and of its record, and what compression can add. */
  private static final int FRAMING = 512;

  private final String bootstrapServers;
  private final String topic;
  private final EncodeFn.Written<T, ProducerRecord<byte[], byte[]>> records;
  private transient @Nullable Long limit;

  AdmittedRecords(
      String bootstrapServers,
      String topic,
      EncodeFn.Written<T, ProducerRecord<byte[], byte[]>> records) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.records = records;
  }

  @Override
  public ProducerRecord<byte[], byte[]> of(T value, byte[] bytes) throws EncodeException {
    ProducerRecord<byte[], byte[]> written = records.of(value, bytes);
    long size = (long) written.key().length + written.value().length;
    if (size > limit()) {
      throw new EncodeException(
          "the record has " + size + " bytes, more than the topic " + topic + " takes: " + limit());
    }
    return written;
  }

  private long limit() {
    if (limit == null) {
      long bytes = maxMessageBytes();
      limit = bytes - bytes / 200 - FRAMING;
    }
    return limit;
  }

  private long maxMessageBytes() {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, Object> config =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(config)) {
      return Long.parseLong(
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .get(resource)
              .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
              .value());
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private UnavailableException unavailable(Exception reason) {
    return new UnavailableException(
        "Topic " + topic + " on " + bootstrapServers + " does not tell its limit: " + reason,
        reason);
  }
}
