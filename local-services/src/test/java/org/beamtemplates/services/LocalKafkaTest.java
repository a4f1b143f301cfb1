package org.beamtemplates.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class LocalKafkaTest {

  private final LocalKafka kafka;

  LocalKafkaTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @Test
  void givesBackKeysValuesHeadersAndTimestamps() {
    kafka.createTopic("round-trip", 1);

    kafka.send(
        List.of(
            new ProducerRecord<>(
                "round-trip",
                null,
                1_700_000_000_123L,
                bytes("key"),
                bytes("value"),
                List.of(new RecordHeader("origin", bytes("test")))),
            new ProducerRecord<>("round-trip", null, null)));

    List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll("round-trip");
    assertThat(records).hasSize(2);
    ConsumerRecord<byte[], byte[]> full = records.get(0);
    assertThat(full.key()).isEqualTo(bytes("key"));
    assertThat(full.value()).isEqualTo(bytes("value"));
    assertThat(full.timestamp()).isEqualTo(1_700_000_000_123L);
    assertThat(full.headers().lastHeader("origin").value()).isEqualTo(bytes("test"));
    assertThat(records.get(1).key()).isNull();
    assertThat(records.get(1).value()).isNull();
  }

  @Test
  void readsAllPartitionsInOrder() {
    kafka.createTopic("partitioned", 3);

    kafka.send(
        IntStream.range(0, 300)
            .mapToObj(
                i -> new ProducerRecord<byte[], byte[]>("partitioned", i % 3, null, number(i)))
            .toList());

    assertThat(kafka.readAll("partitioned"))
        .extracting(record -> record.partition() + ":" + new String(record.value(), UTF_8))
        .containsExactlyElementsOf(
            IntStream.range(0, 300)
                .mapToObj(i -> (i / 100) + ":" + (i % 100 * 3 + i / 100))
                .toList());
  }

  @Test
  void readsNothingFromAnEmptyTopic() {
    kafka.createTopic("empty", 2);

    assertThat(kafka.readAll("empty")).isEmpty();
  }

  @Test
  void doesNotCreateATopicThatIsOnlyUsed() {
    try (KafkaProducer<byte[], byte[]> producer = impatientProducer()) {
      assertThatThrownBy(() -> producer.send(new ProducerRecord<>("missing", bytes("value"))).get())
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("missing not present in metadata");
    }

    assertThat(kafka.topicExists("missing")).isFalse();
  }

  @Test
  void refusesToSendToAMissingTopicBeforeAnythingIsWritten() {
    kafka.createTopic("present", 1);

    assertThatThrownBy(
            () ->
                kafka.send(
                    List.of(
                        new ProducerRecord<>("present", bytes("value")),
                        new ProducerRecord<>("absent", bytes("value")))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Topic absent does not exist");
    assertThat(kafka.readAll("present")).isEmpty();
  }

  @Test
  void takesRecordsAsSoonAsATopicIsCreated() {
    for (int i = 0; i < 20; i++) {
      String topic = "fresh-" + i;
      kafka.createTopic(topic, 4);

      kafka.send(
          IntStream.range(0, 400)
              .mapToObj(n -> new ProducerRecord<byte[], byte[]>(topic, n % 4, null, number(n)))
              .toList());

      assertThat(kafka.readAll(topic)).hasSize(400);
    }
  }

  @Test
  void refusesToCreateATopicTwice() {
    kafka.createTopic("once", 1);

    assertThatThrownBy(() -> kafka.createTopic("once", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("create topic once");
    assertThat(kafka.topicExists("once")).isTrue();
  }

  @Test
  void appliesTheSettingsOfATopic() {
    kafka.createTopic("small-messages", 1, Map.of("max.message.bytes", "200"));

    assertThatThrownBy(
            () -> kafka.send(List.of(new ProducerRecord<>("small-messages", new byte[10_000]))))
        .hasRootCauseInstanceOf(RecordTooLargeException.class);
  }

  @Test
  void readsWhatWasCommittedAndNotWhatWasAborted() {
    kafka.createTopic("transactional", 1);
    try (KafkaProducer<byte[], byte[]> producer = transactionalProducer()) {
      producer.initTransactions();
      producer.beginTransaction();
      var unused = producer.send(new ProducerRecord<>("transactional", bytes("aborted")));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      unused = producer.send(new ProducerRecord<>("transactional", bytes("committed")));
      producer.commitTransaction();
    }

    assertThat(kafka.readAll("transactional"))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly("committed");
  }

  @Test
  void keepsTheOffsetsOfConsumerGroups() {
    kafka.createTopic("grouped", 1);
    kafka.send(List.of(new ProducerRecord<>("grouped", bytes("a"))));
    try (KafkaConsumer<byte[], byte[]> consumer = groupConsumer()) {
      consumer.subscribe(List.of("grouped"));
      while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
        assertThat(consumer.subscription()).containsExactly("grouped");
      }
      consumer.commitSync();

      assertThat(consumer.committed(consumer.assignment()).values())
          .singleElement()
          .satisfies(offset -> assertThat(offset.offset()).isEqualTo(1));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void listensOnLoopbackOnly() throws IOException {
    assertThat(ListeningSockets.of(ProcessHandle.current().pid()))
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(ListeningSockets::isLoopback);
  }

  private KafkaProducer<byte[], byte[]> impatientProducer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", "2000"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private KafkaProducer<byte[], byte[]> transactionalProducer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "local-test"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private KafkaConsumer<byte[], byte[]> groupConsumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "group.id",
            "local-test",
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            "false"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static byte[] number(int i) {
    return bytes(Integer.toString(i));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
