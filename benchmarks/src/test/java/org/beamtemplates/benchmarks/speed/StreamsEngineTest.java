package org.beamtemplates.benchmarks.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.beamtemplates.benchmarks.speed.Job.Source;
import org.beamtemplates.benchmarks.speed.Job.State;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka Streams comes to the results of the plain loop, in a JVM of its own. */
@ExtendWith(KafkaExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
class StreamsEngineTest {

  /** Enough for a progress that can be measured: the process demands it. */
  private static final long RECORDS = 300_000;

  private final LocalKafka kafka;
  private final PaymentTopics topics;

  StreamsEngineTest(LocalKafka kafka) {
    this.kafka = kafka;
    topics = new PaymentTopics(kafka);
  }

  @ParameterizedTest
  @CsvSource({"W1, HEAP", "W2, ROCKSDB", "W3, HEAP", "W4, HEAP", "W6, HEAP"})
  void findsWhatTheLoopFinds(Workload workload, State state, @TempDir Path folder) {
    Expected expected = Expected.of(workload, PaymentData.of(workload.keys(), RECORDS));

    Measured measured =
        new EngineProcess(
                Path.of("..").toAbsolutePath().normalize(),
                Engines.STREAMS,
                job(workload, state, folder))
            .run(expected);

    assertThat(measured.count())
        .isEqualTo(new Tally.Count(RECORDS, expected.results(), expected.checksum()));
  }

  private Job job(Workload workload, State state, Path folder) {
    return new Job(
        workload,
        Source.KAFKA,
        state,
        RECORDS,
        1,
        kafka.bootstrapServers(),
        topics.of(workload.keys(), RECORDS),
        folder);
  }
}
