package org.beamtemplates.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.beamtemplates.benchmarks.speed.Job.Source;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.beamtemplates.benchmarks.speed.PaymentData.Keys;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every engine comes to the results of the plain loop, in a JVM of its own. */
@ExtendWith(KafkaExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnginesTest {

  private static final int RECORDS = 400_000;
  private static final Path HOME = Path.of("").toAbsolutePath().getParent();

  private final LocalKafka kafka;
  private final PaymentTopics topics;
  private int jobs;

  @TempDir private Path folder;

  EnginesTest(LocalKafka kafka) {
    this.kafka = kafka;
    this.topics = new PaymentTopics(kafka);
  }

  @ParameterizedTest
  @CsvSource({
    "BEAM,W1",
    "BEAM,W3",
    "BEAM,W4",
    "BEAM,W5",
    "BEAM,W6",
    "FLINK,W1",
    "FLINK,W3",
    "FLINK,W4",
    "FLINK,W6",
    "FLINK_LOCAL,W4",
    "FLINK_LOCAL,W5",
    "FLINK_LOCAL,W6",
    "STREAMS,W1",
    "STREAMS,W4",
    "STREAMS,W6"
  })
  void findsWhatTheLoopFinds(Engines engine, Workload workload) {
    PaymentData data = PaymentData.of(workload.keys(), RECORDS);
    Expected expected = Expected.of(workload, data);

    // Kafka Streams reads Kafka only.
    boolean fromMemory = engine != Engines.STREAMS;
    Source source = fromMemory ? Source.MEMORY : Source.KAFKA;
    String topic = fromMemory ? "" : topics.of(workload.keys(), RECORDS);
    Tally.Count found = process(engine, workload, source, topic).check(expected);

    assertThat(found.results()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Engines.class)
  void findsTheSameInATopic(Engines engine) {
    String topic = topics.of(Workload.W2.keys(), RECORDS);
    PaymentData data = PaymentData.of(Workload.W2.keys(), RECORDS);

    Tally.Count found =
        process(engine, Workload.W2, Source.KAFKA, topic).check(Expected.of(Workload.W2, data));

    assertThat(found.results()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"BEAM", "FLINK"})
  void findsTheSameOfAHotCardThatIsInAllPartitions(Engines engine) {
    Keys keys = Keys.alike(1_000).withHottest(0.9);
    Job job =
        new Job(
            Workload.W1,
            keys,
            Source.KAFKA,
            State.HEAP,
            RECORDS,
            2,
            kafka.bootstrapServers(),
            topics.spread(keys, RECORDS),
            folder.resolve("job-" + jobs++));

    Tally.Count found =
        new EngineProcess(HOME, engine, job)
            .check(Expected.of(Workload.W1, PaymentData.of(keys, RECORDS)));

    assertThat(found.results()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @EnumSource(names = "PLAIN")
  void isCaughtIfItFindsSomethingElse(Engines engine) {
    PaymentData data = PaymentData.of(Workload.W1.keys(), RECORDS);
    Expected expected = Expected.of(Workload.W1, data);
    Expected wrong = new Expected(expected.records(), expected.results(), expected.checksum() + 1);

    assertThatThrownBy(() -> process(engine, Workload.W1, Source.MEMORY, "").check(wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found something else");
  }

  private EngineProcess process(Engines engine, Workload workload, Source source, String topic) {
    return new EngineProcess(HOME, engine, job(workload, source, topic));
  }

  private Job job(Workload workload, Source source, String topic) {
    return new Job(
        workload,
        source,
        State.HEAP,
        RECORDS,
        1,
        source == Source.KAFKA ? kafka.bootstrapServers() : "",
        topic,
        folder.resolve("job-" + jobs++));
  }
}
