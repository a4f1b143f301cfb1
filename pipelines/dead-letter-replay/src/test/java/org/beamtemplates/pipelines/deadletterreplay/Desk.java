package org.beamtemplates.pipelines.deadletterreplay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.deadletter.Categories;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;

/** Topics of one test on a real Kafka, with dead letters in them, and replays of those. */
final class Desk {

  static final int SOURCE_PARTITIONS = 4;
  static final int SHARDS = 3;
  static final Instant LONG_AGO = Instant.parse("2026-01-31T08:00:00Z");

  final LocalKafka kafka;
  final String source = "orders-" + UUID.randomUUID();
  final String letters = source + ".dead-letters";
  final String ledger = letters + ".replayed";

  Desk(LocalKafka kafka) {
    this.kafka = kafka;
    kafka.createTopic(source, SOURCE_PARTITIONS);
    kafka.createTopic(letters, 2);
    kafka.createTopic(ledger, SHARDS, Map.of("cleanup.policy", "compact"));
  }

  static StageDeadLetters stageAt(String stage, Instant time) {
    return DeadLetters.of("shop", "1", DeadLetterSinks.log())
        .withClock(Clock.fixed(time, ZoneOffset.UTC))
        .stage(stage);
  }

  /** A record that could not be decoded; the number is its offset, and part of its value. */
  DeadLetter undecodable(int number) {
    return undecodable(number, LONG_AGO);
  }

  DeadLetter undecodable(int number, Instant failed) {
    Origin origin = Origin.kafka(source, number % SOURCE_PARTITIONS, number);
    RawRecord raw =
        RawRecord.of(
            origin,
            ("key-" + number).getBytes(UTF_8),
            ("value-" + number).getBytes(UTF_8),
            List.of(new RawRecord.Header("trace", ("t" + number).getBytes(UTF_8))),
            OptionalLong.of(LONG_AGO.toEpochMilli() + number));
    return stageAt("ingest", failed)
        .ofRecord(Categories.DECODE, raw, "text/plain", null, null, new IllegalStateException("x"));
  }

  List<DeadLetter> undecodables(int count) {
    List<DeadLetter> many = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      many.add(undecodable(number));
    }
    return many;
  }

  void put(DeadLetter... some) {
    put(Arrays.asList(some));
  }

  void put(List<DeadLetter> some) {
    kafka.send(
        some.stream()
            .map(
                letter ->
                    new ProducerRecord<>(
                        letters, letter.getId().getBytes(UTF_8), DeadLetterCodec.encode(letter)))
            .toList());
  }

  List<String> arguments(String... more) {
    List<String> arguments = new ArrayList<>(runner());
    arguments.add("--bootstrapServers=" + kafka.bootstrapServers());
    arguments.add("--deadLetterTopic=" + letters);
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** The runner of the module whose tests run. */
  private static List<String> runner() {
    String json = System.getProperty("beamTestPipelineOptions", "[\"--runner=DirectRunner\"]");
    try {
      return List.of(new ObjectMapper().readValue(json, String[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  Launched replay(String... more) {
    return Launched.of(new DeadLetterReplay(), arguments(more).toArray(String[]::new));
  }

  List<ConsumerRecord<byte[], byte[]>> sent() {
    return kafka.readAll(source);
  }

  /**
   * Returns how often each dead letter was sent to a topic, as who reads committed records sees.
   */
  Map<String, Integer> replaysIn(String topic) {
    Map<String, Integer> ids = new TreeMap<>();
    kafka
        .readAll(topic)
        .forEach(found -> ids.merge(header(found, ReplayHeaders.ID), 1, Integer::sum));
    return ids;
  }

  static String header(ConsumerRecord<byte[], byte[]> found, String name) {
    return new String(requireNonNull(found.headers().lastHeader(name), name).value(), UTF_8);
  }

  /** Each of these once, as {@link #replaysIn} tells it. */
  static Map<String, Integer> once(List<DeadLetter> some) {
    Map<String, Integer> ids = new TreeMap<>();
    some.forEach(letter -> ids.put(letter.getId(), 1));
    return ids;
  }

  /** Returns what the report of a run says of an outcome. */
  static long count(Launched run, Outcome outcome) {
    Matcher line =
        Pattern.compile("^ *(\\d+) " + Pattern.quote(outcome.label()), Pattern.MULTILINE)
            .matcher(run.out());
    return line.find() ? Long.parseLong(line.group(1)) : 0;
  }
}
