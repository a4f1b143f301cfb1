package org.beamtemplates.transforms.deliver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.io.KafkaCheck;
import org.beamtemplates.transforms.io.KafkaFailures;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.beamtemplates.transforms.retry.UnavailableException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Sends values to a topic; out come dead letters of those that it will never take. A bundle ends
 * when the broker has acknowledged all that it sent.
 *
 * <p>Beam's own writer fails the bundle for such a record, again and again.
 */
final class SendFn<T> extends DoFn<T, DeadLetter> {

  private static final long serialVersionUID = 1L;

  /** How long a cluster is asked whether a topic is there. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String bootstrapServers;
  private final String topic;
  private final int maxBytes;
  private final DeliveryStage<T> stage;
  private final EncodeFn.Written<T, ProducerRecord<byte[], byte[]>> written;
  private final HashMap<String, Object> moreConfig;

  private transient @Nullable Producer<byte[], byte[]> producer;
  // Filled by the producer's thread.
  private transient @Nullable ConcurrentLinkedQueue<Outgoing.Failed<T>> failed;
  private transient long sent;
  private transient boolean topicIsMissing;

  SendFn(
      String bootstrapServers,
      String topic,
      int maxBytes,
      DeliveryStage<T> stage,
      EncodeFn.Written<T, ProducerRecord<byte[], byte[]>> written,
      Map<String, Object> moreConfig) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.maxBytes = maxBytes;
    this.stage = stage;
    this.written = written;
    this.moreConfig = new HashMap<>(moreConfig);
  }

  @Setup
  public void setup() {
    stage.open();
  }

  @StartBundle
  public void startBundle() {
    if (producer == null) {
      Map<String, Object> config = new HashMap<>(KafkaProducers.safe(maxBytes));
      config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
      config.putAll(moreConfig);
      producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
      topicIsMissing = isTopicMissing();
    } else if (topicIsMissing) {
      topicIsMissing = isTopicMissing();
    }
    // What a failed bundle has left comes again.
    failed = new ConcurrentLinkedQueue<>();
    sent = 0;
  }

  @ProcessElement
  public void process(
      @Element T value,
      @Timestamp Instant timestamp,
      BoundedWindow window,
      OutputReceiver<DeadLetter> dead) {
    stage.in();
    byte @Nullable [] bytes = null;
    ProducerRecord<byte[], byte[]> outgoing;
    try {
      bytes = stage.encode(value);
      outgoing = written.of(value, bytes);
    } catch (EncodeException e) {
      dead.output(stage.dead(value, bytes, timestamp, e));
      return;
    }
    Outgoing<T> next = new Outgoing<>(value, outgoing, timestamp, window);
    if (topicIsMissing) {
      // Sending would wait for a minute, for each record.
      dead.output(letter(next, missing()));
      return;
    }
    sent++;
    send(next);
  }

  private void send(Outgoing<T> outgoing) {
    ConcurrentLinkedQueue<Outgoing.Failed<T>> failures = failed;
    try {
      Future<RecordMetadata> unused =
          producer.send(
              outgoing.written(),
              (metadata, error) -> {
                if (error != null) {
                  failures.add(new Outgoing.Failed<>(outgoing, error));
                }
              });
    } catch (KafkaException e) {
      // What the client refuses itself, it throws in some cases and hands over in others.
      failures.add(new Outgoing.Failed<>(outgoing, e));
    }
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    try {
      producer.flush();
      List<Outgoing.Failed<T>> refused = new ArrayList<>();
      for (Outgoing.Failed<T> failure = failed.poll(); failure != null; failure = failed.poll()) {
        refused.addAll(refusedOf(failure));
      }
      for (Outgoing.Failed<T> failure : refused) {
        Outgoing<T> outgoing = failure.outgoing();
        context.output(letter(outgoing, failure.reason()), outgoing.timestamp(), outgoing.window());
      }
      stage.out(sent - refused.size());
    } catch (RuntimeException e) {
      // A producer that has failed once is not trusted again.
      close();
      throw e;
    }
  }

  /**
   * Returns the failure if the record is to blame; nothing if it got there in a second attempt.
   *
   * @throws UnavailableException if the record is not to blame
   */
  private List<Outgoing.Failed<T>> refusedOf(Outgoing.Failed<T> failure) {
    return switch (KafkaFailures.of(failure.reason())) {
      case RECORD -> List.of(failure);
      case TOPIC -> {
        topicIsMissing = topicIsMissing || isTopicMissing();
        if (!topicIsMissing) {
          throw away(failure.reason());
        }
        yield List.of(new Outgoing.Failed<>(failure.outgoing(), missing()));
      }
      case AWAY -> sendAlone(failure);
    };
  }

  /** A record is also refused for another that was in its batch. Alone, it speaks for itself. */
  private List<Outgoing.Failed<T>> sendAlone(Outgoing.Failed<T> failure) {
    try {
      producer.send(failure.outgoing().written()).get();
      return List.of();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception again
          && KafkaFailures.of(again) == KafkaFailures.RECORD) {
        return List.of(new Outgoing.Failed<>(failure.outgoing(), again));
      }
      throw away(e.getCause());
    } catch (KafkaException e) {
      throw away(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away(e);
    }
  }

  private UnavailableException away(Throwable reason) {
    return new UnavailableException(
        "Topic " + topic + " on " + bootstrapServers + " cannot be written to now: " + reason,
        reason);
  }

  private UnknownTopicOrPartitionException missing() {
    return new UnknownTopicOrPartitionException(
        "there is no topic " + topic + " on " + bootstrapServers);
  }

  /** Only a cluster that answers can say so. */
  private boolean isTopicMissing() {
    KafkaCheck check = KafkaCheck.of(bootstrapServers, List.of(topic), PATIENCE);
    return check.brokerProblem().isEmpty() && check.topicProblem(topic).isPresent();
  }

  private DeadLetter letter(Outgoing<T> outgoing, Exception reason) {
    return stage.dead(outgoing.value(), outgoing.written().value(), outgoing.timestamp(), reason);
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
