package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.io.KafkaFailures;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.beamtemplates.transforms.launch.Explained;
import org.beamtemplates.transforms.launch.Explanation;
import org.beamtemplates.transforms.launch.RunnerCapabilities;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters to a topic. A bundle ends when the broker has acknowledged all that it sent.
 *
 * <p>Nothing is behind this step to take what it fails for. A broker that is away fails the bundle.
 * A dead letter that is refused for itself, say because the topic takes less than {@code maxBytes},
 * is sent again as small as it can be; if that is refused as well, it goes to the log as an error,
 * is counted as {@code deadletter.refused}, and the job goes on.
 */
final class SendDeadLettersFn extends DoFn<DeadLetter, Void> implements Explained {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger("org.beamtemplates.deadletters");

  /** Less than any topic takes that is meant for records. */
  private static final int LEAST_BYTES = 8_000;

  private final String bootstrapServers;
  private final String topic;
  private final int maxBytes;
  private final EnvelopeLimit limit;
  private final boolean connectHeaders;
  private final HashMap<String, Object> moreConfig;
  private final Counter written = Metrics.counter("deadletter", "written");
  private final Counter refused = Metrics.counter("deadletter", "refused");

  private transient @Nullable Producer<byte[], byte[]> producer;
  // Filled by the producer's thread.
  private transient @Nullable ConcurrentLinkedQueue<Failed> failed;
  private transient long sent;

  /** A dead letter that did not get there, and why. */
  private record Failed(DeadLetter letter, Exception reason) {}

  /**
   * @param maxBytes the largest envelope and its headers
   * @param moreConfig settings of the producer besides those that lose nothing
   */
  SendDeadLettersFn(
      String bootstrapServers,
      String topic,
      int maxBytes,
      EnvelopeLimit limit,
      boolean connectHeaders,
      Map<String, Object> moreConfig) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.maxBytes = maxBytes;
    this.limit = limit;
    this.connectHeaders = connectHeaders;
    this.moreConfig = new HashMap<>(moreConfig);
  }

  @Override
  public void explain(RunnerCapabilities runner, Explanation to) {
    to.writes(
        "dead letters to topic "
            + topic
            + ", at least once: after a failure they are written again, with the same id");
  }

  @StartBundle
  public void startBundle() {
    if (producer == null) {
      Map<String, Object> config = new HashMap<>(KafkaProducers.safe(maxBytes));
      config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
      config.putAll(moreConfig);
      producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
    // What a failed bundle has left comes again.
    failed = new ConcurrentLinkedQueue<>();
    sent = 0;
  }

  @ProcessElement
  public void process(@Element DeadLetter letter) throws IOException {
    ConcurrentLinkedQueue<Failed> failures = failed;
    sent++;
    try {
      Future<RecordMetadata> unused =
          producer.send(
              encoded(letter, maxBytes),
              (metadata, error) -> {
                if (error != null) {
                  failures.add(new Failed(letter, error));
                }
              });
    } catch (KafkaException e) {
      // What the client refuses itself, it throws in some cases and hands over in others.
      failures.add(new Failed(letter, e));
    }
  }

  @FinishBundle
  public void finishBundle() throws IOException {
    try {
      producer.flush();
      for (Failed failure = failed.poll(); failure != null; failure = failed.poll()) {
        sendAlone(failure);
      }
      written.inc(sent);
    } catch (RuntimeException e) {
      // A producer that has failed once is not trusted again.
      close();
      throw e;
    }
  }

  /**
   * Sends one again that has failed: with what it was if another in its batch may be to blame, else
   * as small as can be.
   */
  private void sendAlone(Failed failure) throws IOException {
    boolean blamed = KafkaFailures.of(failure.reason()) == KafkaFailures.RECORD;
    try {
      producer.send(encoded(failure.letter(), blamed ? LEAST_BYTES : maxBytes)).get();
    } catch (ExecutionException e) {
      refuse(failure.letter(), blamed, e.getCause());
    } catch (KafkaException e) {
      refuse(failure.letter(), blamed, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away(e);
    }
  }

  private void refuse(DeadLetter letter, boolean wasSmall, Throwable reason) throws IOException {
    if (KafkaFailures.of(reason) != KafkaFailures.RECORD || !(reason instanceof Exception error)) {
      throw away(reason);
    }
    if (!wasSmall) {
      sendAlone(new Failed(letter, error));
      return;
    }
    sent--;
    refused.inc();
    LOG.error(
        "Topic {} does not take dead letter {}, which is in no other place than here: {}",
        topic,
        letter,
        reason.toString());
  }

  private UnavailableException away(Throwable reason) {
    return new UnavailableException(
        "Topic "
            + topic
            + " on "
            + bootstrapServers
            + " cannot be written to now, dead letters wait: "
            + reason,
        reason);
  }

  private ProducerRecord<byte[], byte[]> encoded(DeadLetter letter, int most) throws IOException {
    RecordHeaders headers = headers(letter, most);
    byte[] value =
        limit.fit(letter, most - DeadLetterHeaders.size(headers), DeadLetterCodec::encode);
    return new ProducerRecord<>(topic, null, letter.getId().getBytes(UTF_8), value, headers);
  }

  /** The envelope comes first: where room is short, it is not shortened for the second names. */
  private RecordHeaders headers(DeadLetter letter, int most) {
    RecordHeaders headers = new RecordHeaders();
    DeadLetterHeaders.add(letter, headers);
    if (!connectHeaders) {
      return headers;
    }
    RecordHeaders all = new RecordHeaders(headers);
    DeadLetterHeaders.addConnect(letter, all);
    return DeadLetterHeaders.size(all) <= most / 4 ? all : headers;
  }

  @Teardown
  public void teardown() {
    close();
  }

  private void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }
}
