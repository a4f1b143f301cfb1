package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class KafkaPlacesTest {

  private final LocalKafka kafka;
  private final String topic = "letters-" + UUID.randomUUID();
  private final String ledger = topic + ".replayed";

  KafkaPlacesTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void createTopic() {
    kafka.createTopic(topic, 3);
  }

  @Test
  void readsWhatIsCommittedAndCountsWhatIsNoDeadLetter() {
    put(0, Samples.undecodable("a", 1));
    put(2, Samples.undecodable("b", 2));
    kafka.send(
        List.of(
            new ProducerRecord<>(topic, 1, null, "nonsense".getBytes(UTF_8)),
            new ProducerRecord<>(topic, 1, "tombstone".getBytes(UTF_8), null)));
    sendAndAbort(Samples.undecodable("never", 3));

    List<Found> found = new ArrayList<>();
    Sifted sifted =
        Sifted.pass(TopicSource.of(kafka.bootstrapServers(), topic), Wanted.ALL, found::add);

    assertThat(found)
        .containsExactlyInAnyOrder(
            new Found(Samples.undecodable("a", 1), topic + "-0@0"),
            new Found(Samples.undecodable("b", 2), topic + "-2@0"));
    assertThat(sifted.rest()).startsWith("1 malformed, the first at " + topic + "-1@0: ");
  }

  @Test
  void saysWhichTopicOrBrokerIsNotThere() {
    assertThatThrownBy(() -> TopicSource.of(kafka.bootstrapServers(), "absent"))
        .isInstanceOf(Refusal.class)
        .hasMessage("--topic was absent, which does not exist on " + kafka.bootstrapServers());
    assertThatThrownBy(() -> TopicSource.of("nonsense", "absent"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("--bootstrapServers was nonsense; ");
  }

  @Test
  void aLedgerIsCreatedOnceAndForgetsNothing() throws Exception {
    LedgerTopic made = new LedgerTopic(kafka.bootstrapServers(), ledger);

    assertThat(made.createIfAbsent(3)).isTrue();
    assertThat(made.createIfAbsent(3)).isFalse();

    assertThat(made.ends()).isEqualTo(Map.of(0, 0L, 1, 0L, 2, 0L));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, ledger);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      assertThat(
              admin
                  .describeConfigs(List.of(resource))
                  .all()
                  .get(10, TimeUnit.SECONDS)
                  .get(resource)
                  .get("cleanup.policy")
                  .value())
          .isEqualTo("compact");
    }
  }

  @Test
  void whatWasSentSinceThenIsToldByTheLedger() {
    LedgerTopic made = new LedgerTopic(kafka.bootstrapServers(), ledger);
    made.createIfAbsent(2);
    enter("old", "SENT");
    Map<Integer, Long> before = made.ends();
    enter("new", "SENT");
    enter("parked", "PARKED");

    assertThat(made.sentSince(before)).containsExactly("new");
  }

  @Test
  void seesWhichOfTheSentCameBack() {
    DeadLetter first = Samples.undecodable("a1", 1);
    put(0, first);
    put(0, Samples.again(Samples.undecodable("b1", 2), "b2"));
    TopicSource source = TopicSource.of(kafka.bootstrapServers(), topic);
    Comeback comeback = new Comeback(source, Set.of("a1", "b1"), source.ends());

    comeback.look();
    assertThat(comeback.report(200)).isEqualTo("Of 2 sent, none came back.\n");

    put(1, Samples.again(first, "a2"));
    put(1, Samples.again(first, "a2"));
    put(1, Samples.again(Samples.undecodable("other", 3), "c2"));
    comeback.look();
    assertThat(comeback.count()).isEqualTo(1);
    assertThat(comeback.report(200))
        .startsWith("Of 2 sent, 1 came back again:\n")
        .contains("a2  no magic byte");
  }

  private void put(int partition, DeadLetter letter) {
    kafka.send(
        List.of(new ProducerRecord<>(topic, partition, null, DeadLetterCodec.encode(letter))));
  }

  private void enter(String id, String action) {
    byte[] value = ("{\"action\":\"" + action + "\"}").getBytes(UTF_8);
    kafka.send(List.of(new ProducerRecord<>(ledger, id.getBytes(UTF_8), value)));
  }

  private void sendAndAbort(DeadLetter letter) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "transactional.id", UUID.randomUUID().toString()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, DeadLetterCodec.encode(letter))).get();
      producer.abortTransaction();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
