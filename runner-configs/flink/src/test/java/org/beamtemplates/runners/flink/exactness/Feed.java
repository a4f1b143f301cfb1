package org.beamtemplates.runners.flink.exactness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.services.KafkaService;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.record.Origin;

/**
 * Sends {@link Traffic} to a topic, a little at a time, with a broken record here and there. At the
 * end comes a record of the next day in each partition, which closes all windows.
 */
final class Feed implements AutoCloseable {

  private static final int BROKEN_EVERY = 97;
  private static final int TICK_MILLIS = 100;
  private static final int PER_TICK = 15;

  private final KafkaService kafka;
  private final Traffic traffic;
  private final List<List<ProducerRecord<byte[], byte[]>>> records = new ArrayList<>();
  private final List<Ingested<PageEvent>> sound = new ArrayList<>();
  private final Set<String> broken = new TreeSet<>();
  private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> sending;
  private volatile int limit;
  private volatile int next;

  private Feed(KafkaService kafka, String topic, Traffic traffic) throws EncodeException {
    this.kafka = kafka;
    this.traffic = traffic;
    Encoder<PageEvent> encoder = Encoders.json(PageEvent.class);
    encoder.open();
    for (int partition = 0; partition < traffic.partitions(); partition++) {
      records.add(recordsOf(topic, partition, encoder));
    }
    this.sending = ticks.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Prepares traffic for a topic; nothing is sent before {@link #goOnTo}. */
  static Feed of(KafkaService kafka, String topic, Traffic traffic) throws EncodeException {
    return new Feed(kafka, topic, traffic);
  }

  private List<ProducerRecord<byte[], byte[]>> recordsOf(
      String topic, int partition, Encoder<PageEvent> encoder) throws EncodeException {
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (Ingested<PageEvent> element : traffic.partition(partition)) {
      if (all.size() % BROKEN_EVERY == BROKEN_EVERY - 1) {
        broken.add(Origin.kafka(topic, partition, all.size()).toString());
        all.add(new ProducerRecord<>(topic, partition, null, "{broken".getBytes(UTF_8)));
      }
      sound.add(
          new Ingested<>(
              element.value(),
              Origin.kafka(topic, partition, all.size()),
              element.watermarkMillis()));
      all.add(new ProducerRecord<>(topic, partition, null, encoder.encode(element.value())));
    }
    all.add(new ProducerRecord<>(topic, partition, null, encoder.encode(nextDay(partition))));
    return all;
  }

  private PageEvent nextDay(int partition) {
    PageEvent last = traffic.partition(partition).get(traffic.perPartition() - 1).value();
    return PageEvent.newBuilder(last)
        .setEventId("next-day-" + partition)
        .setCountry("next-day")
        .setEventTimeMs(last.getEventTimeMs() + TimeUnit.DAYS.toMillis(1))
        .build();
  }

  /** Lets it send on until this share of the records is sent; at 1, the end comes as well. */
  void goOnTo(double share) {
    limit = (int) Math.ceil(share * records.get(0).size());
  }

  /** Returns whether everything that may be is sent; throws if it could not be sent. */
  boolean isThere() throws Exception {
    if (sending.isDone()) {
      sending.get();
    }
    return next >= limit;
  }

  /** Returns which share of the records is sent. */
  double share() {
    return next / (double) records.get(0).size();
  }

  /** Returns how many records were sent, of all partitions. */
  int sent() {
    return next * traffic.partitions();
  }

  private void tick() {
    int until = Math.min(next + PER_TICK, limit);
    if (until > next) {
      List<ProducerRecord<byte[], byte[]>> some = new ArrayList<>();
      records.forEach(partition -> some.addAll(partition.subList(next, until)));
      kafka.send(some);
      next = until;
    }
  }

  /** Returns the records that can be decoded, but for those of the next day. */
  List<Ingested<PageEvent>> sound() {
    return sound;
  }

  /** Returns where the broken records are. */
  Set<String> broken() {
    return broken;
  }

  @Override
  public void close() {
    ticks.shutdownNow();
  }
}
