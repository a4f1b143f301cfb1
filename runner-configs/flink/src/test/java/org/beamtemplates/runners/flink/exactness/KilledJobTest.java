package org.beamtemplates.runners.flink.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.beamtemplates.runners.flink.ShippedOptions;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster that is killed, with everything on it, and a new one that takes the job up from the
 * newest checkpoint on disk: with a real Kafka before and behind, nothing is lost and nothing is
 * doubled in what is true in the end.
 */
@Tag("exactness")
@Timeout(300)
@ExtendWith(KafkaExtension.class)
class KilledJobTest {

  private static final Logger LOG = LoggerFactory.getLogger(KilledJobTest.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final long seed = Long.getLong("exactness.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final LocalKafka kafka;

  @TempDir Path folder;

  KilledJobTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @ParameterizedTest
  @EnumSource
  void isTakenUpWhereItsLastCheckpointWas(Backend backend) throws Exception {
    String topic = "killed-" + backend + "-" + seed;
    Traffic traffic = Traffic.seeded(seed).of(2500);
    LOG.info("{} on {}", traffic, backend);
    kafka.createTopic(topic, traffic.partitions());
    kafka.createTopic(KafkaJob.resultsOf(topic), 1);
    kafka.createTopic(KafkaJob.deadLettersOf(topic), 1);

    try (Feed feed = Feed.of(kafka, topic, traffic)) {
      Model model = Model.of(Model.withoutDuplicates(feed.sound()), KafkaJob.WINDOWING);
      killWhileItWorks(topic, backend, feed, 0.4);
      killWhileItWorks(topic, backend, feed, 0.8);
      feed.goOnTo(1);
      try (JobJvm job = start(topic, backend)) {
        await(job, feed::isThere);
        await(
            job,
            () -> FinalPanes.lastOf(results(topic)).keySet().containsAll(model.finals().keySet()));
        await(job, () -> Letters.of(kafka, topic, "LATE").size() >= model.late().size());
        // Whatever was under way then has come out when two more checkpoints are complete.
        awaitCheckpoints(job, 2);
      }

      assertThat(model.complaints(FinalPanes.lastOf(results(topic)))).isEmpty();
      assertThat(Letters.of(kafka, topic, "LATE")).isEqualTo(model.late());
      assertThat(Letters.of(kafka, topic, "DECODE")).isEqualTo(feed.broken());
      assertThat(new HashSet<>(Letters.of(kafka, topic).stream().map(DeadLetter::getId).toList()))
          .as("ids of dead letters, the same whenever they are written again")
          .hasSize(model.late().size() + feed.broken().size());
    }
  }

  /** Lets the job run, feeds it, and kills it at random after new results and checkpoints. */
  private void killWhileItWorks(String topic, Backend backend, Feed feed, double share)
      throws Exception {
    try (JobJvm job = start(topic, backend)) {
      awaitCheckpoints(job, 1);
      int before = results(topic).size();
      feed.goOnTo(share);
      await(job, () -> results(topic).size() > before);
      awaitCheckpoints(job, 2);
      Awaitility.await().pollDelay(Duration.ofMillis(random.nextInt(1000))).until(() -> true);
      job.kill();
      LOG.info(
          "killed after checkpoint {} and {} results, {} records having been sent",
          checkpoints().newestNumber(),
          results(topic).size(),
          feed.sent());
    }
  }

  private JobJvm start(String topic, Backend backend) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(kafka.bootstrapServers());
    arguments.add(topic);
    arguments.add(Files.createTempDirectory(folder, "job").toString());
    List<String> options = new ArrayList<>();
    options.add("--checkpointingInterval=1000");
    options.add("--minPauseBetweenCheckpoints=0");
    options.addAll(backend.options(checkpoints().folder()));
    checkpoints().newest().ifPresent(newest -> options.add("--savepointPath=" + newest.toUri()));
    Collections.addAll(arguments, ShippedOptions.with(options));
    return JobJvm.start(Path.of(arguments.get(2)), arguments);
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(folder.resolve("checkpoints"));
  }

  private void awaitCheckpoints(JobJvm job, int more) throws IOException {
    int from = checkpoints().newestNumber();
    await(job, () -> checkpoints().newestNumber() >= from + more);
  }

  private static void await(JobJvm job, Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              assertThat(job.isAlive()).as("the job is running; if not, see its job.out").isTrue();
              return condition.call();
            });
  }

  private List<WindowResult<String, String>> results(String topic) {
    return kafka.readAll(KafkaJob.resultsOf(topic)).stream()
        .map(record -> PaneText.decode(record.value()))
        .toList();
  }
}
