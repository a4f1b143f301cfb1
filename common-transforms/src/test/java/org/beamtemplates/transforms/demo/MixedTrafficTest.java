package org.beamtemplates.transforms.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.beamtemplates.transforms.demo.TrafficRecord.Kind;
import org.junit.jupiter.api.Test;

class MixedTrafficTest {

  private static final Instant FIRST = Instant.parse("2026-03-01T12:00:00Z");
  private static final int RECORDS = 100_000;
  private static final int PARTITIONS = 3;
  private static final Timing TIMING =
      new Timing(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(2));

  @Test
  void keepsTheShares() {
    Sent sent = send(1).sent();

    assertThat(sent.total()).isEqualTo(RECORDS);
    assertThat(share(sent.duplicate())).isCloseTo(0.02, within(0.002));
    assertThat(share(sent.late())).isCloseTo(0.03, within(0.002));
    assertThat(share(sent.tooLate())).isCloseTo(0.01, within(0.002));
    assertThat(share(sum(sent.broken()))).isCloseTo(0.01, within(0.002));
    // In turn, so that even short traffic has all of them.
    assertThat(sent.broken().get("no time")).isCloseTo(sent.broken().get("no text"), within(1L));
  }

  @Test
  void theLedgerAddsUpAndAgreesWithTheRecords() {
    Run run = send(2);
    Sent sent = run.sent();

    assertThat(sent.total())
        .isEqualTo(
            sent.good() + sent.duplicate() + sent.late() + sent.tooLate() + sum(sent.broken()));
    assertThat(sent.good()).isEqualTo(run.count(Kind.GOOD));
    assertThat(sent.duplicate()).isEqualTo(run.count(Kind.DUPLICATE));
    assertThat(sent.late()).isEqualTo(run.count(Kind.LATE));
    assertThat(sent.tooLate()).isEqualTo(run.count(Kind.TOO_LATE));
    assertThat(sum(sent.broken())).isEqualTo(run.count(Kind.BROKEN));
    assertThat(sum(sent.eventsByResult())).isEqualTo(sent.good() + sent.late());
    assertThat(sent.deadLetters())
        .isEqualTo(
            Map.of(
                "DECODE", sent.broken().get("no text"),
                "VALIDATE", sent.broken().get("no time"),
                "LATE", sent.tooLate()));
  }

  /** A job of its own: watermark, ids and windows as the library has them, in twenty lines. */
  @Test
  void aJobMakesOfTheRecordsWhatTheLedgerSays() {
    Run run = send(3);
    Map<Integer, Long> newest = new HashMap<>();
    Set<String> ids = new HashSet<>();
    Map<String, Long> events = new HashMap<>();
    long duplicates = 0;
    long late = 0;
    for (TrafficRecord record : run.records()) {
      Event event = Event.parse(record.value());
      if (event == null) {
        continue;
      }
      long watermark =
          newest.getOrDefault(record.partition(), Long.MIN_VALUE / 2)
              - TIMING.maxDelay().toMillis();
      newest.merge(record.partition(), event.timeMillis(), Math::max);
      long start = Math.floorDiv(event.timeMillis(), 60_000L) * 60_000;
      if (!ids.add(event.id())) {
        duplicates++;
      } else if (start + 60_000 - 1 + TIMING.allowedLateness().toMillis() < watermark) {
        late++;
      } else {
        events.merge(String.valueOf(start), 1L, Long::sum);
      }
    }

    assertThat(duplicates).isEqualTo(run.sent().duplicate()).isPositive();
    assertThat(late).isEqualTo(run.sent().tooLate()).isPositive();
    assertThat(events).isEqualTo(run.sent().eventsByResult());
  }

  @Test
  void lateRecordsAreLateAndStillCountByAWideMargin() {
    Run run = send(4);
    Map<Integer, Long> newest = new HashMap<>();
    for (TrafficRecord record : run.records()) {
      Event event = Event.parse(record.value());
      if (event == null || record.kind() == Kind.TOO_LATE) {
        continue;
      }
      if (record.kind() == Kind.LATE) {
        long behind =
            newest.get(record.partition()) - TIMING.maxDelay().toMillis() - event.timeMillis();
        assertThat(behind).isBetween(10_000L, 105_000L);
      }
      newest.merge(record.partition(), event.timeMillis(), Math::max);
    }
  }

  @Test
  void aPartitionBeginsWithGoodRecords() {
    Map<Integer, Integer> seen = new HashMap<>();
    for (TrafficRecord record : send(5).records()) {
      int before = seen.merge(record.partition(), 1, Integer::sum);
      if (before <= 50) {
        assertThat(record.kind()).isEqualTo(Kind.GOOD);
      }
    }
    assertThat(seen).hasSize(PARTITIONS);
  }

  @Test
  void aDuplicateIsAnEarlierGoodRecordOfItsPartition() {
    Map<String, Integer> partitionOf = new HashMap<>();
    for (TrafficRecord record : send(6).records()) {
      if (record.kind() == Kind.GOOD) {
        partitionOf.put(new String(record.value(), UTF_8), record.partition());
      } else if (record.kind() == Kind.DUPLICATE) {
        assertThat(partitionOf)
            .containsEntry(new String(record.value(), UTF_8), record.partition());
      }
    }
  }

  @Test
  void theKeyNamesThePartitionAsForAnyProducer() {
    for (TrafficRecord record : send(7).records().subList(0, 1_000)) {
      assertThat(record.partition())
          .isEqualTo(BuiltInPartitioner.partitionForKey(record.key(), PARTITIONS));
    }
  }

  @Test
  void theSameSeedGivesTheSameTraffic() {
    Run one = send(8);
    Run same = send(8);
    Run other = send(9);

    assertThat(one.text()).isEqualTo(same.text()).isNotEqualTo(other.text());
    assertThat(one.sent()).isEqualTo(same.sent()).isNotEqualTo(other.sent());
  }

  @Test
  void theLedgerCanBeReadMeanwhile() {
    MixedTraffic<Event> traffic = traffic(10);
    CompletableFuture<Void> producer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < RECORDS; i++) {
                traffic.next(FIRST.plusMillis(i), true);
              }
            });
    while (!producer.isDone()) {
      Sent sent = traffic.sent();
      assertThat(sum(sent.eventsByResult())).isEqualTo(sent.good() + sent.late());
    }
    producer.join();
    assertThat(traffic.sent().total()).isEqualTo(RECORDS);
  }

  @Test
  void refusesATimeThatGoesBack() {
    MixedTraffic<Event> traffic = traffic(11);
    traffic.next(FIRST.plusSeconds(9), true);

    assertThatThrownBy(() -> traffic.next(FIRST.plusSeconds(8), true))
        .hasMessageContaining("12:00:09Z")
        .hasMessageContaining("12:00:08Z");
  }

  @Test
  void refusesTimesThatLeaveNoRoomForLateRecords() {
    assertThatThrownBy(
            () -> new Timing(Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(30)))
        .hasMessageContaining("PT30S");
  }

  private record Run(List<TrafficRecord> records, Sent sent) {

    long count(Kind kind) {
      return records.stream().filter(record -> record.kind() == kind).count();
    }

    List<String> text() {
      return records.stream()
          .map(
              record ->
                  record.partition()
                      + Arrays.toString(record.key())
                      + Arrays.toString(record.value())
                      + record.kind())
          .toList();
    }
  }

  /** Ten minutes of event time. */
  private static Run send(long seed) {
    MixedTraffic<Event> traffic = traffic(seed);
    List<TrafficRecord> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(traffic.next(FIRST.plusMillis(i * 6L), i > RECORDS / 2));
    }
    return new Run(records, traffic.sent());
  }

  private static MixedTraffic<Event> traffic(long seed) {
    return MixedTraffic.of(
        new Workload(seed, PARTITIONS, FIRST),
        Mix.DEFAULT,
        TIMING,
        Senders.zipf("sender-", 100, 0.5, PARTITIONS),
        new TextModel());
  }

  private static double share(long count) {
    return (double) count / RECORDS;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(count -> count).sum();
  }

  private record Event(String id, long timeMillis) {

    static Event parse(byte[] value) {
      String[] words = value == null ? new String[0] : new String(value, UTF_8).split(" ");
      return words.length == 2 ? new Event(words[0], Long.parseLong(words[1])) : null;
    }
  }

  /** Events of two words: id and time. */
  private static final class TextModel implements EventModel<Event> {

    private long drawn;

    @Override
    public Event draw(int sender, long eventTimeMillis, RandomGenerator random) {
      return new Event("id-" + drawn++, eventTimeMillis);
    }

    @Override
    public byte[] encode(Event event, boolean newerSchema) {
      return (event.id() + " " + event.timeMillis()).getBytes(UTF_8);
    }

    @Override
    public Object resultKey(Event event) {
      return Math.floorDiv(event.timeMillis(), 60_000L) * 60_000;
    }

    @Override
    public List<Breakage<Event>> breakages() {
      return List.of(
          new Breakage<>("no text", "DECODE", (event, newer, random) -> null),
          new Breakage<>(
              "no time", "VALIDATE", (event, newer, random) -> event.id().getBytes(UTF_8)));
    }
  }
}
