package org.beamtemplates.pipelines.deadletterreplay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.pipelines.deadletterreplay.ReplayLedger.Entry;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.beamtemplates.transforms.retry.AwayException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what belongs to one shard, each record in one transaction with its entry in the ledger.
 *
 * <p>To open it fences whoever else sends for this shard and aborts what that left unfinished; only
 * then is the ledger read, so that it is complete. An answer that got lost, or a broker that goes
 * away, means to open it again: the ledger then knows what was committed. For one thread.
 */
final class Outbox implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private static final int TRANSACTION_MILLIS = 60_000;
  private static final int LARGEST_RECORD = 64 << 20;

  // A batch that is too large for its topic, and smaller than this, the producer would try to split
  // again and again until its time is over: no topic takes as little as that.
  private static final int BATCH_BYTES = 4096;

  /** Hears what has become of each shipment. */
  interface Receipts {

    void done(Shipment shipment);

    void refused(Shipment shipment, Throwable why);
  }

  private final ReplaySettings settings;
  private final int shard;
  private final int shards;
  private final Receipts receipts;

  private @Nullable KafkaProducer<byte[], byte[]> producer;
  private @Nullable IdSet ledger;

  Outbox(ReplaySettings settings, int shard, int shards, Receipts receipts) {
    this.settings = settings;
    this.shard = shard;
    this.shards = shards;
    this.receipts = receipts;
  }

  /** Returns what the ledger knew when this was opened, and what was sent since. */
  IdSet ledger() throws TakenOverException {
    if (ledger == null) {
      outlast(() -> opened());
    }
    return ledger;
  }

  /**
   * Sends a batch. What the broker refuses is told apart from the rest by sending smaller and
   * smaller parts of the batch.
   *
   * @throws TakenOverException if another replay sends for this shard now
   */
  void send(List<Shipment> batch) throws TakenOverException {
    if (batch.isEmpty()) {
      return;
    }
    Throwable refusal = outlast(() -> transact(batch));
    if (refusal == null) {
      batch.forEach(receipts::done);
    } else if (batch.size() == 1) {
      receipts.refused(batch.get(0), refusal);
    } else {
      int half = batch.size() / 2;
      send(batch.subList(0, half));
      send(batch.subList(half, batch.size()));
    }
  }

  private interface Step<T> {
    T run() throws AwayException, TakenOverException;
  }

  /** Takes what Kafka throws apart: another replay, a broker that is away, or a fault. */
  private <T> T outlast(Step<T> step) throws TakenOverException {
    return settings
        .patience()
        .outlast(
            "Kafka",
            () -> {
              try {
                return step.run();
              } catch (KafkaException e) {
                drop();
                if (isIn(e, ProducerFencedException.class, InvalidProducerEpochException.class)) {
                  throw new TakenOverException(e);
                }
                if (isIn(e, RetriableException.class, TransactionAbortedException.class)
                    || isUnclear(e)) {
                  throw new AwayException("does not take a transaction (" + reason(e) + ")", e);
                }
                throw new IllegalStateException(
                    "Kafka refuses the transactions of " + transactionalId() + ": " + reason(e), e);
              }
            });
  }

  /** Returns null if all of it is committed, or what the broker does not like about it. */
  private @Nullable Throwable transact(List<Shipment> batch) {
    KafkaProducer<byte[], byte[]> open = opened();
    // After an answer that got lost, some of it, or all, can be there.
    List<Shipment> left =
        batch.stream().filter(shipment -> !ledger.contains(shipment.id())).toList();
    if (left.isEmpty()) {
      return null;
    }
    open.beginTransaction();
    List<Future<?>> answers = new ArrayList<>();
    try {
      for (Shipment shipment : left) {
        if (shipment.outgoing() != null) {
          answers.add(open.send(copy(shipment.outgoing())));
        }
        answers.add(open.send(entry(shipment)));
      }
      open.commitTransaction();
    } catch (KafkaException e) {
      Throwable refusal = refusal(e, answers);
      if (refusal == null) {
        throw e;
      }
      open.abortTransaction();
      return refusal;
    }
    left.forEach(shipment -> ledger.add(shipment.id()));
    return null;
  }

  /** A producer closes the headers of a record that it has sent, and this may be sent again. */
  private static ProducerRecord<byte[], byte[]> copy(ProducerRecord<byte[], byte[]> outgoing) {
    return new ProducerRecord<>(
        outgoing.topic(),
        outgoing.partition(),
        outgoing.timestamp(),
        outgoing.key(),
        outgoing.value(),
        outgoing.headers());
  }

  private ProducerRecord<byte[], byte[]> entry(Shipment shipment) {
    return ReplayLedger.toRecord(
        settings.ledgerTopic(),
        shipment.id(),
        new Entry(
            shipment.action(),
            shipment.target(),
            shipment.attempt(),
            settings.clock().instant(),
            shards));
  }

  private KafkaProducer<byte[], byte[]> opened() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(config(), new ByteArraySerializer(), new ByteArraySerializer());
      producer.initTransactions();
      try (TopicReader reader = settings.reader()) {
        ledger = ReplayLedger.ids(reader, settings.ledgerTopic(), shard, shards);
      }
      LOG.debug("{} is ours; its ledger has {} entries", transactionalId(), ledger.size());
    }
    return producer;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(KafkaProducers.safe(LARGEST_RECORD));
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId());
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS / 2);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS / 4);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TRANSACTION_MILLIS / 2);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * LARGEST_RECORD);
    return config;
  }

  private String transactionalId() {
    return settings.ledgerTopic() + "-" + shard;
  }

  /** Returns what the broker, or the producer for it, has against a record; null if nothing. */
  private static @Nullable Throwable refusal(KafkaException error, List<Future<?>> answers) {
    if (isRefusal(error)) {
      return error;
    }
    for (Future<?> answer : answers) {
      if (answer.isDone()) {
        try {
          answer.get();
        } catch (ExecutionException e) {
          if (isRefusal(e.getCause())) {
            return e.getCause();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return null;
        }
      }
    }
    return null;
  }

  private static boolean isRefusal(Throwable error) {
    return isIn(
        error,
        RecordTooLargeException.class,
        InvalidRecordException.class,
        InvalidTimestampException.class,
        InvalidTopicException.class,
        PolicyViolationException.class,
        TopicAuthorizationException.class);
  }

  /**
   * Returns whether Kafka does not say what became of a transaction. A broker that is asked to
   * commit while it fences the producer for another one has an internal error, seen with 3.9, and
   * the client has no class for it. What is in the ledger tells, when it is opened again.
   */
  static boolean isUnclear(KafkaException error) {
    return error.getClass() == KafkaException.class
        && String.valueOf(error.getMessage()).startsWith("Unhandled error in ");
  }

  @SafeVarargs
  private static boolean isIn(Throwable error, Class<? extends Throwable>... kinds) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      for (Class<? extends Throwable> kind : kinds) {
        if (kind.isInstance(cause)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  /** A producer that has failed has nothing more to say. */
  private void drop() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  @Override
  public void close() {
    drop();
  }
}
