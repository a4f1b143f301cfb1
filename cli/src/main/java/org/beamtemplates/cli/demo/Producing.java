package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.transforms.demo.CompressedTime;
import org.beamtemplates.transforms.demo.Sent;
import org.beamtemplates.transforms.demo.Traffic;
import org.beamtemplates.transforms.demo.TrafficRecord;

/**
 * Sends traffic to a topic, evenly, in a thread of its own, until its time is over or it is closed.
 * The n-th record has the event time at which it was planned, so that the traffic does not depend
 * on how well this machine keeps up.
 */
final class Producing implements AutoCloseable {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String topic;
  private final Traffic traffic;
  private final CompressedTime time;
  private final Duration length;
  private final int perSecond;
  private final KafkaProducer<byte[], byte[]> producer;
  private final OwnOffsets offsets = new OwnOffsets();
  private final long[] lastSentNanos;
  private final Thread thread = new Thread(this::run, "traffic");

  private volatile boolean closed;
  private volatile Throwable failure;
  private volatile long startNanos;
  private volatile long longestGapNanos;

  Producing(
      String bootstrapServers,
      String topic,
      int partitions,
      Traffic traffic,
      CompressedTime time,
      Duration length,
      int perSecond) {
    this.topic = topic;
    this.traffic = traffic;
    this.time = time;
    this.length = length;
    this.perSecond = perSecond;
    this.lastSentNanos = new long[partitions];
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.BATCH_SIZE_CONFIG,
                64 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    thread.setDaemon(true);
  }

  void start() {
    startNanos = System.nanoTime();
    Arrays.fill(lastSentNanos, startNanos);
    thread.start();
  }

  /** Returns whether everything is sent and the broker has it. */
  boolean hasEnded() {
    return !thread.isAlive();
  }

  /**
   * Returns how long ago the traffic began.
   *
   * @throws IllegalStateException if it has failed
   */
  Duration sinceStart() {
    if (failure != null) {
      throw new IllegalStateException("The traffic could not be sent: " + failure, failure);
    }
    return Duration.ofNanos(nanosSinceStart());
  }

  Sent sent() {
    return traffic.sent();
  }

  OwnOffsets offsets() {
    return offsets;
  }

  /** Returns the longest time that any partition was without a new record. */
  Duration longestGap() {
    return Duration.ofNanos(longestGapNanos);
  }

  /** Returns how much event time lies in this many records. */
  Duration eventTimeOf(long records) {
    return Duration.ofNanos(records * (1_000_000_000L / perSecond) * CompressedTime.SPEEDUP);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ZERO);
  }

  private void run() {
    try {
      Pacer pacer = new Pacer(perSecond);
      long sent = 0;
      long nanos = 0;
      while (nanos < length.toNanos() && !closed && failure == null) {
        LockSupport.parkNanos(TICK_NANOS);
        nanos = Math.min(nanosSinceStart(), length.toNanos());
        for (int due = pacer.due(nanos); due > 0 && failure == null; due--) {
          send(sent++);
        }
      }
      if (!closed && failure == null) {
        producer.flush();
      }
    } catch (RuntimeException | LinkageError e) {
      failure = e;
    }
  }

  private long nanosSinceStart() {
    return System.nanoTime() - startNanos;
  }

  private void send(long number) {
    Duration planned = Duration.ofNanos(number * 1_000_000_000L / perSecond);
    boolean newerSchema = planned.multipliedBy(2).compareTo(length) >= 0;
    TrafficRecord next = traffic.next(time.after(planned), newerSchema);
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(topic, next.partition(), next.key(), next.value()),
            this::acknowledge);
    long now = System.nanoTime();
    longestGapNanos = Math.max(longestGapNanos, now - lastSentNanos[next.partition()]);
    lastSentNanos[next.partition()] = now;
  }

  private void acknowledge(RecordMetadata written, Exception refused) {
    if (refused == null) {
      offsets.add(written.partition(), written.offset());
    } else if (!closed) {
      failure = refused;
    }
  }
}
