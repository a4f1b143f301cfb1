package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.beamtemplates.pipelines.deadletterreplay.ReplayLedger.Action;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterJson;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole template on a real Kafka, on the runner of the module. */
@ExtendWith(KafkaExtension.class)
@Conforms(subject = "dead-letter-replay", capability = "sends each letter back once")
@Tag(Conforms.KAFKA)
class DeadLetterReplayTest {

  private final LocalKafka kafka;
  private final Desk desk;

  @TempDir Path folder;

  DeadLetterReplayTest(LocalKafka kafka) {
    this.kafka = kafka;
    this.desk = new Desk(kafka);
  }

  @Test
  void sendsTheOriginalBackWithWhatIsKnownOfItsFailure() {
    DeadLetter letter = desk.undecodable(6);
    desk.put(letter);

    Launched run = desk.replay();

    assertDone(run);
    ConsumerRecord<byte[], byte[]> sent = only(desk.sent());
    assertThat(sent.key()).isEqualTo("key-6".getBytes(UTF_8));
    assertThat(sent.value()).isEqualTo("value-6".getBytes(UTF_8));
    assertThat(sent.partition()).isEqualTo(2);
    assertThat(sent.timestamp()).isEqualTo(Desk.LONG_AGO.toEpochMilli() + 6);
    assertThat(Desk.header(sent, "trace")).isEqualTo("t6");
    Origin origin = originOf(sent);
    assertThat(origin).hasToString(desk.source + "-2@6");
    assertThat(origin.attempt()).isEqualTo(2);
    assertThat(origin.replay().deadLetterId()).isEqualTo(letter.getId());
    assertThat(run.out())
        .contains(" 1 sent (" + desk.source + " 1)")
        .containsPattern("replay +1 = +1 \\+ +0 \\+ +0 \\+ +0 \\+ +0");
    assertThat(ReplayLedger.read(kafka.bootstrapServers(), desk.ledger))
        .hasEntrySatisfying(
            letter.getId(),
            entry -> {
              assertThat(entry.action()).isEqualTo(Action.SENT);
              assertThat(entry.target()).isEqualTo(desk.source);
              assertThat(entry.attempt()).isEqualTo(2);
            });
  }

  @Test
  void sendsEachOnceHoweverOftenItRunsAndHoweverOftenALetterIsThere() {
    List<DeadLetter> letters = desk.undecodables(1200);
    desk.put(letters);
    desk.put(letters.subList(0, 100));

    Launched first = desk.replay();
    desk.put(desk.undecodable(1200));
    Launched second = desk.replay();

    assertDone(first, second);
    assertThat(Desk.count(first, Outcome.SENT)).isEqualTo(1200);
    assertThat(Desk.count(first, Outcome.SENT_BEFORE)).isEqualTo(100);
    assertThat(Desk.count(second, Outcome.SENT)).isEqualTo(1);
    assertThat(Desk.count(second, Outcome.SENT_BEFORE)).isEqualTo(1300);
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(desk.undecodables(1201)));
  }

  @Test
  @Tag(Conforms.JOBS_AT_ONCE)
  void sendsEachOnceWhenTwoRunAtOnce() {
    List<DeadLetter> letters = desk.undecodables(600);
    desk.put(letters);

    List<CompletableFuture<Launched>> both =
        Stream.of("--transactionSize=3", "--transactionSize=4")
            .map(size -> CompletableFuture.supplyAsync(() -> desk.replay(size)))
            .toList();
    Launched[] runs = both.stream().map(CompletableFuture::join).toArray(Launched[]::new);

    assertDone(runs);
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(letters));
    assertThat(Arrays.stream(runs).mapToLong(run -> Desk.count(run, Outcome.SENT)).sum())
        .isEqualTo(600);
  }

  @Test
  void tellsInADryRunWhatItWouldSendAndLeavesEverythingAsItIs() {
    desk.put(desk.undecodables(20));

    Launched run = desk.replay("--dryRun=true");

    assertDone(run);
    assertThat(run.out()).contains(" 20 would be sent (" + desk.source + " 20)");
    assertThat(desk.sent()).isEmpty();
    assertThat(kafka.readAll(desk.ledger)).isEmpty();
  }

  @Test
  void makesNoLedgerInADryRun() {
    desk.put(desk.undecodables(5));

    Launched run = desk.replay("--dryRun=true", "--ledgerTopic=" + desk.letters + ".none");

    assertDone(run);
    assertThat(Desk.count(run, Outcome.WOULD_BE_SENT)).isEqualTo(5);
    assertThat(kafka.topicExists(desk.letters + ".none")).isFalse();
  }

  @Test
  void saysOfWhatIsDoneThatItIsAndNotThatItIsNotDue() {
    Instant now = Instant.now();
    desk.put(desk.undecodable(1, now), desk.undecodable(2, now));
    assertDone(desk.replay("--backoff=0s", "--ids=" + desk.undecodable(1).getId()));

    Launched tooEarly = desk.replay("--backoff=10m");

    assertThat(Desk.count(tooEarly, Outcome.SENT_BEFORE)).isEqualTo(1);
    assertThat(Desk.count(tooEarly, Outcome.NOT_DUE)).isEqualTo(1);
  }

  @Test
  void leavesWhatIsNotDueOrNotSelected() {
    Instant now = Instant.now();
    desk.put(desk.undecodable(1), desk.undecodable(2, now), desk.undecodable(3, now));

    Launched tooEarly = desk.replay("--backoff=10m");
    assertDone(tooEarly);
    assertThat(Desk.count(tooEarly, Outcome.NOT_DUE)).isEqualTo(2);
    assertThat(tooEarly.out())
        .contains(
            "2 not due yet; the next at "
                + Instant.ofEpochSecond(now.plusSeconds(600).getEpochSecond()));
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(List.of(desk.undecodable(1))));

    Launched others =
        desk.replay("--backoff=0s", "--ids=" + desk.undecodable(3).getId() + ",no-such-id");
    assertDone(others);
    assertThat(Desk.count(others, Outcome.NOT_SELECTED)).isEqualTo(2);
    assertThat(desk.replaysIn(desk.source).keySet())
        .containsExactlyInAnyOrder(desk.undecodable(1).getId(), desk.undecodable(3).getId());

    assertThat(Desk.count(desk.replay("--categories=LATE,ENRICH"), Outcome.NOT_SELECTED))
        .isEqualTo(3);
    assertThat(
            Desk.count(
                desk.replay("--backoff=0s", "--since=" + now.minusSeconds(1), "--dryRun=true"),
                Outcome.NOT_SELECTED))
        .isEqualTo(1);
  }

  @Test
  void parksWhatWasTriedTooOftenAndLeavesItWithoutAPlace() {
    DeadLetter tired = DeadLetter.newBuilder(desk.undecodable(1)).setAttempts(3).build();
    desk.put(tired);
    kafka.createTopic(desk.letters + ".parked", 1);

    Launched left = desk.replay("--maxAttempts=3");
    Launched parked = desk.replay("--maxAttempts=3", "--parkingTopic=" + desk.letters + ".parked");
    Launched again = desk.replay("--maxAttempts=3", "--parkingTopic=" + desk.letters + ".parked");

    assertDone(left, parked, again);
    assertThat(Desk.count(left, Outcome.TRIED_TOO_OFTEN)).isEqualTo(1);
    assertThat(Desk.count(parked, Outcome.PARKED)).isEqualTo(1);
    assertThat(Desk.count(again, Outcome.SENT_BEFORE)).isEqualTo(1);
    assertThat(DeadLetterCodec.decode(only(kafka.readAll(desk.letters + ".parked")).value()))
        .isEqualTo(tired);
    assertThat(desk.sent()).isEmpty();
  }

  @Test
  void quarantinesWhatIsNoDeadLetterAndGoesOn() {
    byte[] garbage = "not a dead letter".getBytes(UTF_8);
    kafka.send(
        List.of(
            new ProducerRecord<>(desk.letters, 0, "k".getBytes(UTF_8), garbage),
            new ProducerRecord<>(desk.letters, 0, "gone".getBytes(UTF_8), null)));
    desk.put(desk.undecodable(1));
    kafka.createTopic(desk.letters + ".malformed", 1);

    Launched left = desk.replay();
    Launched moved = desk.replay("--quarantineTopic=" + desk.letters + ".malformed");
    Launched again = desk.replay("--quarantineTopic=" + desk.letters + ".malformed");

    assertDone(left, moved, again);
    assertThat(Desk.count(left, Outcome.MALFORMED)).isEqualTo(1);
    assertThat(Desk.count(left, Outcome.TOMBSTONE)).isEqualTo(1);
    assertThat(Desk.count(left, Outcome.SENT)).isEqualTo(1);
    assertThat(Desk.count(moved, Outcome.QUARANTINED)).isEqualTo(1);
    assertThat(Desk.count(again, Outcome.SENT_BEFORE)).isEqualTo(2);
    ConsumerRecord<byte[], byte[]> found = only(kafka.readAll(desk.letters + ".malformed"));
    assertThat(found.value()).isEqualTo(garbage);
    assertThat(found.key()).isEqualTo("k".getBytes(UTF_8));
    assertThat(Desk.header(found, "quarantine.place")).isEqualTo(desk.letters + "-0@0");
    assertThat(Desk.header(found, "quarantine.reason")).contains("not a dead letter");
  }

  @Test
  void refusesLateRecordsUnlessTheyAreForABackfill() throws IOException {
    DeadLetter early = late(7, 0);
    desk.put(early, late(7, 60_000), late(8, 0));

    Launched refused = desk.replay();
    Launched written = desk.replay("--backfill=" + folder.resolve("late"));
    Launched again = desk.replay("--backfill=" + folder.resolve("late"));

    assertDone(refused, written, again);
    assertThat(Desk.count(refused, Outcome.LATE_AGAIN)).isEqualTo(3);
    assertThat(refused.out()).containsPattern("replay +3 = +0 \\+ +0 \\+ +0 \\+ +0 \\+ +3");
    assertThat(Desk.count(written, Outcome.BACKFILLED)).isEqualTo(3);
    assertThat(Desk.count(again, Outcome.SENT_BEFORE)).isEqualTo(3);
    assertThat(linesIn(folder.resolve("late")))
        .as("an event that is late for two windows stands there once")
        .containsExactlyInAnyOrder("{\"n\":7}", "{\"n\":8}");
    assertThat(desk.sent()).isEmpty();
  }

  @Test
  void refusesWhatIsNotThereToBeSent() {
    DeadLetter lost =
        DeadLetter.newBuilder(desk.undecodable(1)).setPayload(null).setReplayable(false).build();
    DeadLetter hidden =
        DeadLetter.newBuilder(desk.undecodable(2)).setRedacted(List.of("card.number")).build();
    DeadLetter elsewhere =
        DeadLetter.newBuilder(desk.undecodable(3))
            .setPayload(null)
            .setPayloadReference(folder.resolve("absent.bin").toString())
            .build();
    DeadLetter homeless =
        Desk.stageAt("deliver", Desk.LONG_AGO)
            .ofValue(
                Categories.DELIVER, "key", new byte[] {1}, "x", 0L, new IllegalStateException());
    DeadLetter orphan = DeadLetter.newBuilder(desk.undecodable(4)).setSource("no-topic").build();
    DeadLetter forged = DeadLetter.newBuilder(desk.undecodable(6)).setSource(desk.ledger).build();
    desk.put(lost, hidden, elsewhere, homeless, orphan, forged, desk.undecodable(5));

    Launched run = desk.replay();

    assertDone(run);
    for (Outcome outcome :
        List.of(
            Outcome.NOT_REPLAYABLE,
            Outcome.REDACTED,
            Outcome.PAYLOAD_GONE,
            Outcome.NO_TARGET,
            Outcome.NO_SUCH_TOPIC,
            Outcome.TO_THE_LEDGER,
            Outcome.SENT)) {
      assertThat(Desk.count(run, outcome)).as(outcome.label()).isEqualTo(1);
    }
    assertThat(run.out()).containsPattern("replay +7 = +1 \\+ +6 \\+ +0 \\+ +0 \\+ +0");
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(List.of(desk.undecodable(5))));
  }

  @Test
  void sendsToAnotherTopicAndFindsAPayloadInItsFile() throws IOException {
    DeadLetter letter = desk.undecodable(3);
    Path file = Files.write(folder.resolve(letter.getId() + ".bin"), "value-3".getBytes(UTF_8));
    desk.put(
        DeadLetter.newBuilder(letter)
            .setPayload(null)
            .setPayloadReference(file.toString())
            .build());
    kafka.createTopic(desk.source + ".again", 1);

    assertDone(desk.replay("--targetTopic=" + desk.source + ".again"));

    assertThat(only(kafka.readAll(desk.source + ".again")).value())
        .isEqualTo("value-3".getBytes(UTF_8));
    assertThat(desk.sent()).isEmpty();
  }

  @Test
  void fetchesTheOriginalOfWhatWasEncodedAgain() throws Exception {
    kafka.send(
        List.of(
            new ProducerRecord<>(desk.source, 1, "a".getBytes(UTF_8), "gone".getBytes(UTF_8)),
            new ProducerRecord<>(desk.source, 1, "b".getBytes(UTF_8), "there".getBytes(UTF_8))));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(desk.source, 1), RecordsToDelete.beforeOffset(1)))
          .all()
          .get();
    }
    desk.put(enrichFailure(1, 0), enrichFailure(1, 1), enrichFailure(1, 99));
    kafka.createTopic(desk.source + ".again", 1);

    Launched run = desk.replay("--targetTopic=" + desk.source + ".again");

    assertDone(run);
    assertThat(Desk.count(run, Outcome.ORIGINAL_GONE)).isEqualTo(2);
    ConsumerRecord<byte[], byte[]> sent = only(kafka.readAll(desk.source + ".again"));
    assertThat(sent.value()).isEqualTo("there".getBytes(UTF_8));
    assertThat(sent.key()).isEqualTo("b".getBytes(UTF_8));
    assertThat(originOf(sent)).hasToString(desk.source + "-1@1");
  }

  @Test
  void repairsRecordsAndLeavesWhatTheRepairLeavesOrFailsAt() {
    desk.put(desk.undecodable(1), desk.undecodable(2), desk.undecodable(3));

    Launched run = desk.replay("--repair=" + Uppercase.class.getName());

    assertDone(run);
    assertThat(Desk.count(run, Outcome.NOT_REPAIRED)).isEqualTo(1);
    assertThat(Desk.count(run, Outcome.REPAIR_FAILED)).isEqualTo(1);
    ConsumerRecord<byte[], byte[]> sent = only(desk.sent());
    assertThat(sent.value()).isEqualTo("VALUE-1".getBytes(UTF_8));
    assertThat(originOf(sent).attempt()).isEqualTo(2);
  }

  /** Mends the first, leaves the second, fails at the third. */
  public static final class Uppercase implements RepairFn {

    private static final long serialVersionUID = 1L;

    @Override
    public Optional<ReplayRecord> repair(DeadLetter letter, ReplayRecord original) {
      String value = new String(original.value(), UTF_8);
      return switch (value) {
        case "value-1" ->
            Optional.of(
                original
                    .withValue("VALUE-1".getBytes(UTF_8))
                    .withHeaders(List.of(new RawRecord.Header(ReplayHeaders.ID, new byte[] {0}))));
        case "value-2" -> Optional.empty();
        default -> throw new IllegalStateException("no idea what " + value + " is");
      };
    }
  }

  @Test
  void tellsApartWhatTheBrokerRefuses() {
    kafka.createTopic(desk.source + ".narrow", 1, Map.of("max.message.bytes", "6000"));
    List<DeadLetter> letters = new ArrayList<>(desk.undecodables(20));
    byte[] incompressible = new byte[10_000];
    new Random(7).nextBytes(incompressible);
    letters.set(
        11,
        DeadLetter.newBuilder(letters.get(11))
            .setPayload(ByteBuffer.wrap(incompressible))
            .setPayloadSize(incompressible.length)
            .build());
    desk.put(letters);

    Launched run = desk.replay("--targetTopic=" + desk.source + ".narrow");

    assertDone(run);
    assertThat(Desk.count(run, Outcome.REFUSED_BY_BROKER)).isEqualTo(1);
    assertThat(Desk.count(run, Outcome.SENT)).isEqualTo(19);
    letters.remove(11);
    assertThat(desk.replaysIn(desk.source + ".narrow")).isEqualTo(Desk.once(letters));
    assertThat(ReplayLedger.read(kafka.bootstrapServers(), desk.ledger)).hasSize(19);
  }

  @Test
  void readsLettersFromFiles() throws IOException {
    Path file = folder.resolve("dead-letters-00000-of-00001.avro");
    try (DataFileWriter<DeadLetter> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(DeadLetter.class))) {
      writer.create(DeadLetter.getClassSchema(), file.toFile());
      for (DeadLetter letter : desk.undecodables(5)) {
        writer.append(letter);
      }
    }
    Files.writeString(folder.resolve("dead-letters-broken.avro"), "no container");

    Launched run = fromFiles();
    Launched again = fromFiles();

    assertDone(run, again);
    assertThat(Desk.count(run, Outcome.SENT)).isEqualTo(5);
    assertThat(Desk.count(run, Outcome.MALFORMED)).isEqualTo(1);
    assertThat(Desk.count(again, Outcome.SENT_BEFORE)).isEqualTo(5);
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(desk.undecodables(5)));
  }

  @Test
  void tellsOfAContainerThatEndsInTheMidstOfABlock() throws IOException {
    Path file = folder.resolve("dead-letters.avro");
    try (DataFileWriter<DeadLetter> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(DeadLetter.class))) {
      writer.create(DeadLetter.getClassSchema(), file.toFile());
      for (DeadLetter letter : desk.undecodables(4)) {
        writer.append(letter);
        writer.sync();
      }
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 30));

    Launched run = fromFiles();

    assertDone(run);
    assertThat(Desk.count(run, Outcome.SENT)).isEqualTo(3);
    assertThat(Desk.count(run, Outcome.MALFORMED)).isEqualTo(1);
  }

  @Test
  void readsLettersFromLinesOfJson() throws IOException {
    List<String> lines = new ArrayList<>();
    for (DeadLetter letter : desk.undecodables(3)) {
      lines.add(new String(DeadLetterJson.encode(letter), UTF_8));
    }
    lines.add(1, "{\"id\":");
    Files.write(folder.resolve("dead-letters.jsonl"), lines);

    Launched run = fromFiles("*.jsonl");

    assertDone(run);
    assertThat(Desk.count(run, Outcome.SENT)).isEqualTo(3);
    assertThat(Desk.count(run, Outcome.MALFORMED)).isEqualTo(1);
    assertThat(desk.replaysIn(desk.source)).isEqualTo(Desk.once(desk.undecodables(3)));
  }

  private Launched fromFiles() {
    return fromFiles("*.avro");
  }

  private Launched fromFiles(String pattern) {
    List<String> arguments = desk.arguments();
    arguments.removeIf(argument -> argument.startsWith("--deadLetterTopic"));
    arguments.add("--deadLetters=" + folder.resolve(pattern));
    arguments.add("--ledgerTopic=" + desk.ledger);
    return Launched.of(new DeadLetterReplay(), arguments.toArray(String[]::new));
  }

  @Test
  void seesNothingOfALedgerWhoseNumberOfPartitionsWasChanged() throws Exception {
    desk.put(desk.undecodables(10));
    assertDone(desk.replay());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createPartitions(Map.of(desk.ledger, NewPartitions.increaseTo(5))).all().get();
    }

    Launched run = desk.replay();

    assertThat(run.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(run.err()).contains("--ledgerTopic", "5 partitions", "had 3");
    assertThat(desk.sent()).hasSize(10);
  }

  private DeadLetter late(int number, long windowStart) {
    return Desk.stageAt("aggregate", Desk.LONG_AGO)
        .ofLate(
            Origin.kafka(desk.source, 0, number),
            ("{\"n\":" + number + "}").getBytes(UTF_8),
            "application/json",
            windowStart + 1,
            new IntervalWindow(
                org.joda.time.Instant.ofEpochMilli(windowStart),
                org.joda.time.Instant.ofEpochMilli(windowStart + 60_000)),
            windowStart + 3_600_000);
  }

  private DeadLetter enrichFailure(int partition, long offset) {
    return Desk.stageAt("enrich", Desk.LONG_AGO)
        .ofEvent(
            Categories.ENRICH,
            Origin.kafka(desk.source, partition, offset),
            "encoded again".getBytes(UTF_8),
            "text/plain",
            0L,
            new IllegalStateException("no such customer"));
  }

  private static Origin originOf(ConsumerRecord<byte[], byte[]> sent) {
    List<RawRecord.Header> headers = new ArrayList<>();
    sent.headers()
        .forEach(header -> headers.add(new RawRecord.Header(header.key(), header.value())));
    return ReplayHeaders.originOf(
        Origin.kafka(sent.topic(), sent.partition(), sent.offset()), headers);
  }

  private static List<String> linesIn(Path files) throws IOException {
    try (Stream<Path> paths = Files.list(files)) {
      List<String> lines = new ArrayList<>();
      for (Path path : paths.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
        lines.addAll(Files.readAllLines(path));
      }
      return lines;
    }
  }

  private static void assertDone(Launched... runs) {
    for (Launched run : runs) {
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isEqualTo(Launcher.DONE);
      assertThat(run.out()).doesNotContain("DOES NOT ADD UP");
    }
  }

  private static <T> T only(List<T> some) {
    assertThat(some).hasSize(1);
    return some.get(0);
  }
}
