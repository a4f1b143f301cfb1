package org.beamtemplates.benchmarks.speed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One thread, maps and arrays; no state that survives, no watermark but the newest time. The limit
 * of what can be had, and the results that all others must come to.
 */
public final class PlainLoop implements Engine {

  @Override
  public boolean does(Job job) {
    return job.state() == Job.State.HEAP && job.parallelism() == 1;
  }

  @Override
  public void run(Job job) {
    Work work = Work.of(job.workload());
    PaymentCodec codec = new PaymentCodec();
    Tally.Counter counter = Tally.newCounter();
    if (job.source() == Job.Source.MEMORY) {
      readAll(job.data(), codec, work, counter);
    } else {
      readTopic(job, codec, work, counter);
    }
  }

  /** Returns what is to be found. */
  static Tally.Count count(Workload workload, PaymentData data) {
    Tally.Counter counter = new Tally.Counter();
    readAll(data, new PaymentCodec(), Work.of(workload), counter);
    return counter.count();
  }

  private static void readAll(
      PaymentData data, PaymentCodec codec, Work work, Tally.Counter counter) {
    PaymentData.Reader reader = data.read();
    while (reader.hasNext()) {
      take(codec.decode(reader.next()), codec, work, counter);
    }
  }

  private static void readTopic(Job job, PaymentCodec codec, Work work, Tally.Counter counter) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            job.bootstrapServers(),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            Job.FETCH_MAX_WAIT_MILLIS);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(
          IntStream.range(0, PaymentData.PARTITIONS)
              .mapToObj(partition -> new TopicPartition(job.topic(), partition))
              .toList());
      int ended = 0;
      while (ended < PaymentData.PARTITIONS) {
        for (ConsumerRecord<byte[], byte[]> next : consumer.poll(Duration.ofMillis(100))) {
          ended += take(codec.decode(next.value()), codec, work, counter) ? 0 : 1;
        }
      }
    }
  }

  /** Returns false for an end mark. */
  private static boolean take(
      Payment payment, PaymentCodec codec, Work work, Tally.Counter counter) {
    if (!PaymentCodec.isValid(payment)) {
      return true;
    }
    counter.read(payment);
    work.take(payment, codec, counter);
    return !PaymentData.isEnd(payment.getCard());
  }

  /**
   * What is done with a payment. Time passes for each partition of cards by itself, as between
   * partitions of a topic nothing is in order.
   */
  private interface Work {

    void take(Payment payment, PaymentCodec codec, Tally.Counter counter);

    static Work of(Workload workload) {
      return switch (workload) {
        case W1, W2 -> new Windows(Workload.MINUTE.toMillis());
        case W3 -> new Encode();
        case W4 -> new Sessions();
        case W5 -> new Windows(Workload.SLIDING_SIZE.toMillis());
        case W6 -> new Rules();
      };
    }
  }

  private static final class Encode implements Work {

    private final CRC32C crc = new CRC32C();

    @Override
    public void take(Payment payment, PaymentCodec codec, Tally.Counter counter) {
      if (!PaymentData.isEnd(payment.getCard())) {
        Latencies.found(payment.getTime());
        counter.found(Checksum.ofBytes(codec.encode(PaymentCodec.changed(payment)), crc));
      }
    }
  }

  /** Windows that begin every minute. */
  private static final class Windows implements Work {

    private static final long PERIOD = Workload.MINUTE.toMillis();

    private final long size;
    private final List<TreeMap<Long, Map<String, Totals>>> open = new ArrayList<>();
    private final long[] newest = new long[PaymentData.PARTITIONS];

    Windows(long size) {
      this.size = size;
      for (int i = 0; i < PaymentData.PARTITIONS; i++) {
        open.add(new TreeMap<>());
      }
    }

    @Override
    public void take(Payment payment, PaymentCodec codec, Tally.Counter counter) {
      int partition = partition(payment);
      TreeMap<Long, Map<String, Totals>> windows = open.get(partition);
      long time = payment.getTime();
      if (!PaymentData.isEnd(payment.getCard())) {
        long last = Math.floorDiv(time, PERIOD) * PERIOD;
        for (long start = last; start > time - size; start -= PERIOD) {
          windows
              .computeIfAbsent(start, unused -> new HashMap<>())
              .computeIfAbsent(payment.getCard(), unused -> new Totals())
              .add(payment.getCents());
        }
      }
      newest[partition] = Math.max(newest[partition], time);
      long watermark = newest[partition] - Workload.MAX_DELAY.toMillis();
      while (!windows.isEmpty() && windows.firstKey() + size <= watermark) {
        Map.Entry<Long, Map<String, Totals>> closed = windows.pollFirstEntry();
        closed.getValue().forEach((card, totals) -> found(card, closed.getKey(), totals, counter));
      }
    }

    private static void found(String card, long start, Totals totals, Tally.Counter counter) {
      Latencies.found(start);
      counter.found(Checksum.ofWindow(card, start, totals.sum(), totals.count(), totals.max()));
    }
  }

  private static final class Sessions implements Work {

    private static final long GAP = Workload.SESSION_GAP.toMillis();
    private static final long SWEEP = 10_000;

    private final Map<String, List<Session>> open = new HashMap<>();
    private final long[] newest = new long[PaymentData.PARTITIONS];
    private long swept;

    @Override
    public void take(Payment payment, PaymentCodec codec, Tally.Counter counter) {
      int partition = partition(payment);
      long time = payment.getTime();
      newest[partition] = Math.max(newest[partition], time);
      if (!PaymentData.isEnd(payment.getCard())) {
        Session session = new Session(time, time, payment.getCents(), 1);
        List<Session> sessions =
            open.computeIfAbsent(payment.getCard(), unused -> new ArrayList<>(1));
        for (int i = sessions.size() - 1; i >= 0; i--) {
          if (sessions.get(i).isNear(session)) {
            session = sessions.remove(i).with(session);
          }
        }
        sessions.add(session);
      }
      long least = least();
      if (least - swept >= SWEEP) {
        swept = least;
        close(least - Workload.MAX_DELAY.toMillis(), counter);
      }
    }

    private long least() {
      long least = Long.MAX_VALUE;
      for (long time : newest) {
        least = Math.min(least, time);
      }
      return least;
    }

    private void close(long watermark, Tally.Counter counter) {
      open.entrySet()
          .removeIf(
              entry -> {
                entry
                    .getValue()
                    .removeIf(session -> closed(entry.getKey(), session, watermark, counter));
                return entry.getValue().isEmpty();
              });
    }

    private static boolean closed(
        String card, Session session, long watermark, Tally.Counter counter) {
      if (session.last() + GAP > watermark) {
        return false;
      }
      Latencies.found(session.last());
      counter.found(
          Checksum.ofSession(
              card, session.first(), session.last(), session.sum(), session.count()));
      return true;
    }

    private record Session(long first, long last, long sum, long count) {

      boolean isNear(Session other) {
        return other.first - last < GAP && first - other.last < GAP;
      }

      Session with(Session other) {
        return new Session(
            Math.min(first, other.first),
            Math.max(last, other.last),
            sum + other.sum,
            count + other.count);
      }
    }
  }

  private static final class Rules implements Work {

    private final Map<String, State> states = new HashMap<>();

    @Override
    public void take(Payment payment, PaymentCodec codec, Tally.Counter counter) {
      if (PaymentData.isEnd(payment.getCard())) {
        return;
      }
      State state = states.computeIfAbsent(payment.getCard(), unused -> new State());
      long cents = payment.getCents();
      boolean high = CardHistory.isHigh(state.average, state.count, cents);
      int place = (int) (state.count % CardHistory.LAST);
      state.cents[place] = cents;
      state.times[place] = payment.getTime();
      state.average = CardHistory.nextAverage(state.average, state.count, cents);
      state.count++;
      if (high) {
        found(payment, CardHistory.HIGH, state, counter);
      }
      if (CardHistory.isBurst(state.count, state.times)) {
        found(payment, CardHistory.BURST, state, counter);
      }
    }

    private static void found(Payment payment, int rule, State state, Tally.Counter counter) {
      Latencies.found(payment.getTime());
      counter.found(
          Checksum.ofAlert(
              payment.getCard(), payment.getTime(), rule, CardHistory.sum(state.cents)));
    }

    private static final class State {
      private final long[] cents = new long[CardHistory.LAST];
      private final long[] times = new long[CardHistory.LAST];
      private long average;
      private long count;
    }
  }

  private static int partition(Payment payment) {
    String card = payment.getCard();
    return PaymentData.isEnd(card)
        ? card.charAt(card.length() - 1) - '0'
        : PaymentData.partition(card);
  }
}
