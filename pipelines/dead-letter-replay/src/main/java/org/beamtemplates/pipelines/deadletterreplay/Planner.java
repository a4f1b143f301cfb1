package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.beamtemplates.pipelines.deadletterreplay.Plan.Leave;
import org.beamtemplates.pipelines.deadletterreplay.Plan.NotDue;
import org.beamtemplates.pipelines.deadletterreplay.ReplayLedger.Action;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterPayload;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Decides what to do about each dead letter that is selected. For one thread. */
final class Planner implements AutoCloseable {

  private static final String KAFKA = "KAFKA";

  private final ReplaySettings settings;
  private final Targets targets;
  private final TopicReader reader;

  Planner(ReplaySettings settings) {
    this.settings = settings;
    this.targets = new Targets(settings.bootstrapServers(), settings.patience());
    this.reader = settings.reader();
  }

  Plan plan(Parcel parcel) {
    if (parcel.isMalformed()) {
      return quarantine(parcel);
    }
    DeadLetter letter = DeadLetterCodec.decode(parcel.value());
    Instant due = settings.backoff().due(letter);
    if (settings.clock().instant().isBefore(due)) {
      return new NotDue(due);
    }
    if (letter.getAttempts() >= settings.maxAttempts()) {
      return park(parcel, letter);
    }
    if (letter.getCategory().equals(Categories.LATE)) {
      return backfill(letter);
    }
    if (!letter.getRedacted().isEmpty()) {
      return new Leave(Outcome.REDACTED, String.join(", ", letter.getRedacted()));
    }
    if (!letter.getReplayable() || lacksPayload(letter)) {
      return new Leave(Outcome.NOT_REPLAYABLE, letter.getPayloadSize() + " bytes");
    }
    @Nullable String topic = settings.targetTopic();
    if (topic == null && isFromKafka(letter)) {
      topic = letter.getSource();
    }
    return topic == null
        ? new Leave(Outcome.NO_TARGET, "source " + letter.getSource())
        : send(letter, topic);
  }

  private Plan quarantine(Parcel parcel) {
    @Nullable String topic = settings.quarantineTopic();
    if (topic == null) {
      return new Leave(Outcome.MALFORMED, parcel.fault());
    }
    List<Header> headers =
        List.of(
            header("quarantine.reason", parcel.fault()),
            header("quarantine.place", parcel.place()));
    return new Shipment(
        parcel.id(),
        Action.QUARANTINED,
        topic,
        0,
        new ProducerRecord<>(topic, null, null, parcel.key(), parcel.value(), headers),
        null);
  }

  private Plan park(Parcel parcel, DeadLetter letter) {
    @Nullable String topic = settings.parkingTopic();
    if (topic == null) {
      return new Leave(Outcome.TRIED_TOO_OFTEN, letter.getAttempts() + " times");
    }
    byte[] key = letter.getId().getBytes(UTF_8);
    return new Shipment(
        parcel.id(),
        Action.PARKED,
        topic,
        letter.getAttempts(),
        new ProducerRecord<>(topic, null, null, key, parcel.value()),
        null);
  }

  private Plan backfill(DeadLetter letter) {
    @Nullable String folder = settings.backfill();
    if (folder == null) {
      return new Leave(
          Outcome.LATE_AGAIN, "its window ended at " + letter.getWindowEndMs() + " ms");
    }
    if (!letter.getRedacted().isEmpty()) {
      return new Leave(Outcome.REDACTED, String.join(", ", letter.getRedacted()));
    }
    Optional<byte[]> payload;
    try {
      payload = DeadLetterPayload.of(letter);
    } catch (IOException | RuntimeException e) {
      return new Leave(Outcome.PAYLOAD_GONE, String.valueOf(e.getMessage()));
    }
    Optional<String> line = payload.flatMap(bytes -> Backfill.line(letter, bytes));
    return line.isEmpty()
        ? new Leave(Outcome.NOT_JSON, letter.getContentType())
        : new Shipment(
            letter.getId(),
            Action.BACKFILLED,
            Backfill.file(folder, letter),
            letter.getAttempts() + 1,
            null,
            line.get());
  }

  private Plan send(DeadLetter letter, String topic) {
    @Nullable ConsumerRecord<byte[], byte[]> original = null;
    if (letter.getReencoded() && hasCoordinates(letter)) {
      original =
          reader.at(letter.getSource(), letter.getPartition(), letter.getOffset()).orElse(null);
      if (original == null) {
        return new Leave(Outcome.ORIGINAL_GONE, coordinates(letter));
      }
    }
    ReplayRecord unrepaired;
    try {
      unrepaired =
          original == null
              ? new ReplayRecord(
                  topic,
                  bytes(letter.getKey()),
                  DeadLetterPayload.of(letter).orElse(null),
                  headers(letter))
              : new ReplayRecord(topic, original.key(), original.value(), headers(original));
    } catch (IOException | RuntimeException e) {
      return new Leave(Outcome.PAYLOAD_GONE, String.valueOf(e.getMessage()));
    }
    Optional<ReplayRecord> repaired;
    try {
      repaired = repaired(letter, unrepaired);
    } catch (Exception e) {
      // A repair is foreign code, and what it does to one record must not hold up the others.
      return new Leave(Outcome.REPAIR_FAILED, String.valueOf(e));
    }
    if (repaired.isEmpty()) {
      return new Leave(Outcome.NOT_REPAIRED, "");
    }
    return shipment(letter, repaired.get(), timestamp(letter, original));
  }

  private Optional<ReplayRecord> repaired(DeadLetter letter, ReplayRecord original)
      throws Exception {
    @Nullable RepairFn repair = settings.repair();
    return repair == null ? Optional.of(original) : repair.repair(letter, original);
  }

  private Plan shipment(DeadLetter letter, ReplayRecord sent, @Nullable Long timestamp) {
    if (sent.topic().equals(settings.ledgerTopic())) {
      return new Leave(Outcome.TO_THE_LEDGER, sent.topic());
    }
    int partitions = targets.partitions(sent.topic());
    if (partitions == 0) {
      return new Leave(Outcome.NO_SUCH_TOPIC, sent.topic());
    }
    List<Header> headers = new ArrayList<>();
    sent.headers().stream()
        .filter(header -> !ReplayHeaders.isOne(header.name()))
        .forEach(header -> headers.add(new RecordHeader(header.name(), header.value())));
    ReplayHeaders.of(letter).stream()
        .filter(header -> ReplayHeaders.isOne(header.name()))
        .forEach(header -> headers.add(new RecordHeader(header.name(), header.value())));
    return new Shipment(
        letter.getId(),
        Action.SENT,
        sent.topic(),
        letter.getAttempts() + 1,
        new ProducerRecord<>(
            sent.topic(),
            partition(letter, sent.topic(), partitions),
            timestamp,
            sent.key(),
            sent.value(),
            headers),
        null);
  }

  /** Back where it came from, the record goes to its old partition, whoever chose that. */
  private static @Nullable Integer partition(DeadLetter letter, String topic, int partitions) {
    return isFromKafka(letter)
            && topic.equals(letter.getSource())
            && letter.getPartition() != null
            && letter.getPartition() < partitions
        ? letter.getPartition()
        : null;
  }

  /** The event time may come from it. */
  private static @Nullable Long timestamp(
      DeadLetter letter, @Nullable ConsumerRecord<byte[], byte[]> original) {
    @Nullable Long millis =
        original == null ? letter.getSourceTimestampMs() : (Long) original.timestamp();
    return millis == null || millis < 0 ? null : millis;
  }

  private static boolean isFromKafka(DeadLetter letter) {
    return letter.getSourceType().equals(KAFKA) && letter.getSource() != null;
  }

  private static boolean hasCoordinates(DeadLetter letter) {
    return isFromKafka(letter) && letter.getPartition() != null && letter.getOffset() != null;
  }

  private static String coordinates(DeadLetter letter) {
    return letter.getSource() + "-" + letter.getPartition() + "@" + letter.getOffset();
  }

  /** Whatever the letter says: without its value it would be sent as a tombstone. */
  private static boolean lacksPayload(DeadLetter letter) {
    return letter.getPayload() == null
        && letter.getPayloadReference() == null
        && letter.getPayloadSize() >= 0
        && !(letter.getReencoded() && hasCoordinates(letter));
  }

  private static List<RawRecord.Header> headers(DeadLetter letter) {
    return ReplayHeaders.of(letter).stream()
        .filter(header -> !ReplayHeaders.isOne(header.name()))
        .toList();
  }

  private static List<RawRecord.Header> headers(ConsumerRecord<byte[], byte[]> original) {
    List<RawRecord.Header> headers = new ArrayList<>();
    for (Header header : original.headers()) {
      headers.add(new RawRecord.Header(header.key(), header.value()));
    }
    return headers;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    targets.close();
    reader.close();
  }
}
