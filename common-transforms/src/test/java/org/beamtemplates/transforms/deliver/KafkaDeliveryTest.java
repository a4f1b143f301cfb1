package org.beamtemplates.transforms.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
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
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.observe.Accounting;
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
    List<Gathered<DeadLetter>> dead = new ArrayList<>();

    PipelineResult result =
        deliver(
            pipeline, dead, at("a1", NOON), at("!bad", NOON), at("!worse", NOON), at(large, NOON));

    assertThat(delivered()).containsExactlyInAnyOrderEntriesOf(Map.of("a1", "a"));
    List<DeadLetter> letters = dead.get(0).elements();
    assertThat(letters)
        .hasSize(3)
        .allSatisfy(
            letter -> {
              assertThat(letter.getCategory()).isEqualTo("DELIVER");
              assertThat(letter.getStage()).isEqualTo("deliver");
              assertThat(letter.getContentType()).isEqualTo("text/plain");
              assertThat(letter.getReencoded()).isTrue();
              assertThat(letter.getEventTimeMs()).isEqualTo(NOON.getMillis());
            })
        .extracting(DeadLetter::getId)
        .doesNotHaveDuplicates();
    assertThat(letters)
        .filteredOn(DeadLetter::getReplayable)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getPayload()).isEqualTo(ByteBuffer.wrap(large.getBytes(UTF_8)));
              assertThat(letter.getErrorMessage())
                  .isEqualTo("the record has 2000002 bytes, more than 1000000");
            });
    assertThat(Accounting.of(result.metrics()).stage("deliver"))
        .isEqualTo(new Accounting.Stage("deliver", 4, 1, 3, 0, 0, 0));
  }

  @Test
  void givesAValueTheSameIdWhenItFailsAgain() throws Exception {
    List<Gathered<DeadLetter>> dead = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      deliver(TestPipeline.create().enableAbandonedNodeEnforcement(false), dead, at("!bad", NOON));
    }

    assertThat(dead.get(0).elements().get(0).getId())
        .isEqualTo(dead.get(1).elements().get(0).getId());
  }

  @Test
  void takesARecordOfJustTheLargestSize(TestPipeline pipeline) throws Exception {
    // One byte of key.
    String largest = noise(999_999);

    deliver(pipeline, new ArrayList<>(), at(largest, NOON));

    assertThat(delivered()).containsOnlyKeys(largest);
  }

  @Test
  void stampsRecordsWithTheTimeOfWritingSoThatRetentionKeepsThem(TestPipeline pipeline)
      throws Exception {
    long before = System.currentTimeMillis();

    deliver(pipeline, new ArrayList<>(), at("a1", NOON));

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
        new ArrayList<>(),
        at("a1", BoundedWindow.TIMESTAMP_MIN_VALUE),
        at("b1", Instant.ofEpochMilli(-1)));

    assertThat(delivered()).containsOnlyKeys("a1", "b1");
  }

  @Test
  void writesRevisionsOfAKeyToOnePartition(TestPipeline pipeline) throws Exception {
    deliver(pipeline, new ArrayList<>(), at("a1", NOON), at("a2", NOON), at("a3", NOON));

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

  private PipelineResult deliver(
      TestPipeline pipeline, List<Gathered<DeadLetter>> dead, Timed... values) throws Exception {
    try (DeadLetters deadLetters =
        DeadLetters.of(
            "test",
            "1",
            letters -> {
              dead.add(Gathered.of(letters));
              return PDone.in(letters.getPipeline());
            })) {
      pipeline
          .apply(
              Create.timestamped(Stream.of(values).map(Timed::stamped).toList())
                  .withCoder(StringUtf8Coder.of()))
          .apply(
              "Deliver",
              KafkaDelivery.to(
                      kafka.bootstrapServers(), topic, KafkaDeliveryTest::key, new PickyEncoder())
                  .withDeadLetters(deadLetters));
    }
    return pipeline.run();
  }

  private static String key(String value) {
    return value.substring(0, 1);
  }

  /** Returns values with their keys. */
  private Map<String, String> delivered() {
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
