package org.beamtemplates.runners.flink.exactness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deliver.KafkaDelivery;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a job that fails has written to a real broker, as its consumers see it. */
@ExtendWith(KafkaExtension.class)
@Timeout(300)
class KafkaDeliveryExactnessTest {

  private static final int PARTITIONS = 2;
  private static final Duration TWO_CHECKPOINTS = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** In the log of a run; {@code -Dexactness.seed} repeats its records and kinds of failures. */
  private final long seed = Long.getLong("exactness.seed", new Random().nextInt(1_000_000));

  private final LocalKafka kafka;
  private final String topic = "delivered-" + UUID.randomUUID();

  private int lastSize;

  @TempDir Path folder;

  KafkaDeliveryExactnessTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void createTopic() {
    kafka.createTopic(topic, PARTITIONS);
  }

  @Test
  void aConsumerOfCommittedRecordsSeesEachExactlyOnceOverAFailure() {
    Traffic traffic = Traffic.seeded(seed).of(400);

    run(traffic, 150, 1, delivery -> delivery.exactlyOnce("sink-" + topic, PARTITIONS));

    assertThat(read()).containsExactlyInAnyOrderElementsOf(ids(traffic));
  }

  @Tag("exactness")
  @Test
  void aConsumerOfCommittedRecordsSeesEachExactlyOnceOverManyFailures() {
    Traffic traffic = Traffic.seeded(seed).of(2_000);

    run(traffic, 150, 6, delivery -> delivery.exactlyOnce("sink-" + topic, 3));

    assertThat(read()).containsExactlyInAnyOrderElementsOf(ids(traffic));
  }

  /** The check of the others can fail: at least once repeats what came after the checkpoint. */
  @Tag("exactness")
  @Test
  void atLeastOnceLosesNothingAndRepeatsSome() {
    Traffic traffic = Traffic.seeded(seed).of(2_000);

    run(traffic, 150, 6, UnaryOperator.identity());

    List<String> found = read();
    Set<String> distinct = new HashSet<>(found);
    assertThat(distinct).containsExactlyInAnyOrderElementsOf(ids(traffic));
    assertThat(found).hasSizeGreaterThan(distinct.size());
  }

  /** Waits until every record is there, all failures have happened, and nothing more comes. */
  private void run(
      Traffic traffic,
      int perSecond,
      int failures,
      UnaryOperator<KafkaDelivery<String>> guarantee) {
    FailureRun run = FailureRun.of(traffic, perSecond, failures, Backend.HEAP, folder);
    CaughtDeadLetters dead = new CaughtDeadLetters();
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
      PCollection<String> ids =
          run.endlessEvents()
              .apply(
                  "Ids",
                  MapElements.into(TypeDescriptors.strings())
                      .via(event -> event.origin().toString()));
      KafkaDelivery<String> delivery =
          KafkaDelivery.to(kafka.bootstrapServers(), topic, (String id) -> id, new Text());
      run.failing(ids).apply("Deliver", guarantee.apply(delivery.withDeadLetters(deadLetters)));
    }
    Set<String> all = new HashSet<>(ids(traffic));
    try (RunningPipeline job = run.start()) {
      job.await(() -> run.failuresLeft() == 0 && new HashSet<>(read()).containsAll(all));
      await().during(TWO_CHECKPOINTS).atMost(PATIENCE).until(this::isQuiet);
    }
    assertThat(dead.letters()).isEmpty();
  }

  private boolean isQuiet() {
    int now = read().size();
    boolean quiet = now == lastSize;
    lastSize = now;
    return quiet;
  }

  private static List<String> ids(Traffic traffic) {
    return traffic.all().stream().map(event -> event.origin().toString()).toList();
  }

  /** Reads committed records only. */
  private List<String> read() {
    return kafka.readAll(topic).stream().map(found -> new String(found.value(), UTF_8)).toList();
  }

  private static final class Text implements Encoder<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public byte[] encode(String value) {
      return value.getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
