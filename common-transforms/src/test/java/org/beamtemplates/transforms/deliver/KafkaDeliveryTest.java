package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.ExpectedLetter;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The key of a value is its first letter. */
@ExtendWith({KafkaExtension.class, TestPipelineExtension.class})
class KafkaDeliveryTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final LocalKafka kafka;
  private final String topic = "results-" + UUID.randomUUID();

  KafkaDeliveryTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void createTopic() {
    kafka.createTopic(topic, 3);
  }

  @Test
  void deliversWhatCanBeDeliveredAndBuriesTheRest(TestPipeline pipeline) throws Exception {
    String large = "c" + "x".repeat(2_000_000);
    CaughtDeadLetters dead = new CaughtDeadLetters();

    PipelineResult result =
        deliver(
            pipeline, dead, at("a1", NOON), at("!bad", NOON), at("!worse", NOON), at(large, NOON));

    assertThat(delivered()).containsExactlyInAnyOrderEntriesOf(Map.of("a1", "a"));
    ExpectedLetter undelivered =
        letter("DELIVER")
            .stage("deliver")
            .where("content type", one -> one.getContentType().equals("text/plain"))
            .where("re-encoded", DeadLetter::getReencoded)
            .where("event time", one -> one.getEventTimeMs() == NOON.getMillis());
    dead.check()
        .has(
            undelivered
                .payload(large)
                .message("the record has 2000002 bytes, more than 1000000")
                .where("replayable", DeadLetter::getReplayable))
        .has(2, undelivered.where("not replayable", one -> !one.getReplayable()))
        .noOthers();
    assertThat(dead.letters()).extracting(DeadLetter::getId).doesNotHaveDuplicates();
    assertAccounting(result).stage("deliver").in(4).out(1).dead(3).nothingElse();
  }

  @Test
  void buriesWhatTheTopicRefusesAndDeliversWhatIsInTheSameBundle(TestPipeline pipeline)
      throws Exception {
    kafka.createTopic(topic + "-small", 1, Map.of("max.message.bytes", "2000"));
    String large = "c" + noise(5_000);
    CaughtDeadLetters dead = new CaughtDeadLetters();

    PipelineResult result =
        deliverTo(
            kafka.bootstrapServers(),
            topic + "-small",
            pipeline,
            dead,
            at("a1", NOON),
            at(large, NOON),
            at("b1", NOON));

    assertThat(delivered(topic + "-small")).containsOnlyKeys("a1", "b1");
    dead.check()
        .has(
            letter("DELIVER")
                .stage("deliver")
                .payload(large)
                .where("replayable", DeadLetter::getReplayable)
                .where("error", one -> one.getErrorClass().endsWith("RecordTooLargeException"))
                .where("event time", one -> one.getEventTimeMs() == NOON.getMillis()))
        .noOthers();
    assertAccounting(result).stage("deliver").in(3).out(2).dead(1).nothingElse();
  }

  @Test
  void buriesWhatHasNoTopic(TestPipeline pipeline) throws Exception {
    CaughtDeadLetters dead = new CaughtDeadLetters();

    PipelineResult result =
        deliverTo(
            kafka.bootstrapServers(),
            topic + "-missing",
            pipeline,
            dead,
            at("a1", NOON),
            at("b1", NOON));

    dead.check()
        .has(
            2,
            letter("DELIVER")
                .where(
                    "error",
                    one -> one.getErrorClass().endsWith("UnknownTopicOrPartitionException")))
        .noOthers();
    assertAccounting(result).stage("deliver").in(2).dead(2).nothingElse();
  }

  @Test
  void buriesWhatIsForATopicThatCannotBe(TestPipeline pipeline) throws Exception {
    CaughtDeadLetters dead = new CaughtDeadLetters();

    PipelineResult result =
        deliverTo(
            kafka.bootstrapServers(),
            "no topic has such a name",
            pipeline,
            dead,
            at("a1", NOON),
            at("b1", NOON));

    dead.check()
        .has(
            2,
            letter("DELIVER")
                .where(
                    "error",
                    one -> one.getErrorClass().endsWith("UnknownTopicOrPartitionException")))
        .noOthers();
    assertAccounting(result).stage("deliver").in(2).dead(2).nothingElse();
  }

  @Test
  void failsTheBundleWhileTheBrokerIsAway(TestPipeline pipeline) {
    CaughtDeadLetters dead = new CaughtDeadLetters();
    kafka.gate().cut();
    try {
      assertThatThrownBy(
              () -> deliverTo(kafka.gatedBootstrapServers(), topic, pipeline, dead, at("a1", NOON)))
          .hasStackTraceContaining("UnavailableException");
    } finally {
      kafka.gate().restore();
    }

    assertThat(delivered()).isEmpty();
  }

  @Test
  void givesAValueTheSameIdWhenItFailsAgain() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      CaughtDeadLetters dead = new CaughtDeadLetters();
      deliver(TestPipeline.create().enableAbandonedNodeEnforcement(false), dead, at("!bad", NOON));
      ids.add(dead.letters().get(0).getId());
    }

    assertThat(ids.get(0)).isEqualTo(ids.get(1));
  }

  @Test
  void takesARecordOfJustTheLargestSize(TestPipeline pipeline) throws Exception {
    // One byte of key.
    String largest = noise(999_999);

    deliver(pipeline, new CaughtDeadLetters(), at(largest, NOON));

    assertThat(delivered()).containsOnlyKeys(largest);
  }

  @Test
  void stampsRecordsWithTheTimeOfWritingSoThatRetentionKeepsThem(TestPipeline pipeline)
      throws Exception {
    long before = System.currentTimeMillis();

    deliver(pipeline, new CaughtDeadLetters(), at("a1", NOON));

    assertThat(kafka.readAll(topic))
        .singleElement()
        .satisfies(
            written ->
                assertThat(written.timestamp()).isBetween(before, System.currentTimeMillis()));
  }

  @Test
  void writesElementsWithoutATimeThatKafkaKnows(TestPipeline pipeline) throws Exception {
    deliver(
        pipeline,
        new CaughtDeadLetters(),
        at("a1", BoundedWindow.TIMESTAMP_MIN_VALUE),
        at("b1", Instant.ofEpochMilli(-1)));

    assertThat(delivered()).containsOnlyKeys("a1", "b1");
  }

  @Test
  void writesRevisionsOfAKeyToOnePartition(TestPipeline pipeline) throws Exception {
    deliver(pipeline, new CaughtDeadLetters(), at("a1", NOON), at("a2", NOON), at("a3", NOON));

    assertThat(kafka.readAll(topic))
        .extracting(ConsumerRecord::partition)
        .hasSize(3)
        .containsOnly(kafka.readAll(topic).get(0).partition());
  }

  @Test
  void needsAPlaceForWhatItCannotWrite(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);

    assertThatThrownBy(
            () ->
                pipeline
                    .apply(Create.of("a"))
                    .apply(
                        KafkaDelivery.to(
                            kafka.bootstrapServers(),
                            topic,
                            KafkaDeliveryTest::key,
                            new PickyEncoder())))
        .hasMessageContaining("withDeadLetters");
  }

  private PipelineResult deliver(TestPipeline pipeline, CaughtDeadLetters dead, Timed... values)
      throws Exception {
    return deliverTo(kafka.bootstrapServers(), topic, pipeline, dead, values);
  }

  private static PipelineResult deliverTo(
      String brokers, String to, TestPipeline pipeline, CaughtDeadLetters dead, Timed... values)
      throws Exception {
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      pipeline
          .apply(
              Create.timestamped(Stream.of(values).map(Timed::stamped).toList())
                  .withCoder(StringUtf8Coder.of()))
          .apply(
              "Deliver",
              KafkaDelivery.to(brokers, to, KafkaDeliveryTest::key, new PickyEncoder())
                  .withProducerConfig(
                      Map.of(
                          "max.block.ms",
                          2_000,
                          "delivery.timeout.ms",
                          3_000,
                          "request.timeout.ms",
                          2_000))
                  .withDeadLetters(deadLetters));
    }
    return pipeline.run();
  }

  private static String key(String value) {
    return value.substring(0, 1);
  }

  /** Returns values with their keys. */
  private Map<String, String> delivered() {
    return delivered(topic);
  }

  private Map<String, String> delivered(String topic) {
    Map<String, String> delivered = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> written : kafka.readAll(topic)) {
      delivered.put(new String(written.value(), UTF_8), new String(written.key(), UTF_8));
    }
    return delivered;
  }

  private record Timed(String value, Instant time) {

    TimestampedValue<String> stamped() {
      return TimestampedValue.of(value, time);
    }
  }

  private static Timed at(String value, Instant time) {
    return new Timed(value, time);
  }

  /** Text that no compression makes small. */
  private static String noise(int length) {
    StringBuilder text = new StringBuilder();
    new java.util.Random(1).ints(length, '0', 'z').forEach(c -> text.append((char) c));
    return text.toString();
  }
}
