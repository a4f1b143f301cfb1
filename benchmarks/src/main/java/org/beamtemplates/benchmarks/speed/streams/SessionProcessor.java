package org.beamtemplates.benchmarks.speed.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.beamtemplates.benchmarks.speed.Checksum;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.PaymentData;
import org.beamtemplates.benchmarks.speed.Tally;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * W4: the open sessions of each card in a store of keys and values, which is searched for closed
 * ones every 10 s of stream time.
 *
 * <p>Session windows of the DSL are written in fewer lines, but cost many times as much with so
 * many keys: a store of sessions is searched by end time for every record.
 */
final class SessionProcessor implements Processor<String, Payment, Void, Void> {

  /** Name of the store of open sessions by card. */
  static final String STORE = "sessions";

  private static final Duration EVERY = Duration.ofSeconds(10);

  private final Tally.Counter counter = Tally.newCounter();
  private KeyValueStore<String, List<Session>> open;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    open = context.getStateStore(STORE);
    context.schedule(
        EVERY,
        PunctuationType.STREAM_TIME,
        newest -> close(newest - Workload.MAX_DELAY.toMillis()));
  }

  @Override
  public void process(Record<String, Payment> next) {
    Payment payment = next.value();
    if (PaymentData.isEnd(payment.getCard())) {
      return;
    }
    long time = payment.getTime();
    Session session = new Session(time, time, payment.getCents(), 1);
    List<Session> sessions = new ArrayList<>(2);
    List<Session> known = open.get(payment.getCard());
    if (known != null) {
      for (Session one : known) {
        if (one.isNear(session)) {
          session = session.with(one);
        } else {
          sessions.add(one);
        }
      }
    }
    sessions.add(session);
    open.put(payment.getCard(), sessions);
  }

  private void close(long watermark) {
    List<KeyValue<String, List<Session>>> changed = new ArrayList<>();
    try (KeyValueIterator<String, List<Session>> all = open.all()) {
      while (all.hasNext()) {
        KeyValue<String, List<Session>> next = all.next();
        if (next.value.stream().anyMatch(session -> session.isClosed(watermark))) {
          changed.add(next);
        }
      }
    }
    changed.forEach(next -> close(next.key, next.value, watermark));
  }

  private void close(String card, List<Session> sessions, long watermark) {
    List<Session> left = new ArrayList<>(sessions.size());
    for (Session session : sessions) {
      if (session.isClosed(watermark)) {
        counter.found(
            Checksum.ofSession(
                card, session.first(), session.last(), session.sum(), session.count()));
      } else {
        left.add(session);
      }
    }
    if (left.isEmpty()) {
      open.delete(card);
    } else {
      open.put(card, left);
    }
  }
}
