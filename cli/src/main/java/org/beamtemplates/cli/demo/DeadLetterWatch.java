package org.beamtemplates.cli.demo;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.beamtemplates.cli.demo.Snapshot.DeadLetterCount;
import org.beamtemplates.schemas.DeadLetter;

/** Follows the topic of dead letters, in a thread of its own. */
final class DeadLetterWatch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final long EXAMPLE_NANOS = Duration.ofSeconds(6).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread = new Thread(this::run, "dead-letters");
  private final Set<String> ids = new HashSet<>();
  private final Map<String, Long> exampleNanos = new HashMap<>();
  private final SortedMap<String, DeadLetterCount> found = new TreeMap<>();

  DeadLetterWatch(String bootstrapServers, String topic) {
    this.consumer = TopicPass.consumer(bootstrapServers, topic);
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns what was found so far, by category. */
  synchronized SortedMap<String, DeadLetterCount> found() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(found));
  }

  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join(PATIENCE.toMillis());
  }

  private void run() {
    try (consumer) {
      while (true) {
        consumer.poll(POLL).forEach(this::add);
      }
    } catch (WakeupException closed) {
      // That is how close() ends the loop.
    }
  }

  private synchronized void add(ConsumerRecord<byte[], byte[]> found) {
    Letter.of(found).filter(letter -> ids.add(letter.getId())).ifPresent(this::count);
  }

  /** An example stays long enough to be read. */
  private void count(DeadLetter letter) {
    long now = System.nanoTime();
    String category = letter.getCategory();
    DeadLetterCount before = found.get(category);
    if (before == null || now - exampleNanos.get(category) > EXAMPLE_NANOS) {
      exampleNanos.put(category, now);
      found.put(
          category,
          new DeadLetterCount(
              before == null ? 1 : before.count() + 1,
              Letter.place(letter),
              Letter.reason(letter),
              Letter.payload(letter)));
    } else {
      found.put(
          category,
          new DeadLetterCount(
              before.count() + 1, before.place(), before.reason(), before.payload()));
    }
  }
}
