package org.beamtemplates.runners.flink.exactness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.beamtemplates.runners.flink.exactness.Model.Cell;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.services.LocalKafkaCluster;
import org.beamtemplates.testing.FakeTemplate;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.aggregate.WindowResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that are killed at a random moment of steady load, on a Flink cluster whose JobManager
 * is highly available by ZooKeeper, between the topics of three brokers: afterwards each record is
 * in the results and the dead letters as often as it must be, by its id.
 *
 * <p>Results go to a topic where a pane may come again, and the last of a window counts, and in
 * transactions to one where each pane is once. What was seen is written to {@value #REPORT}.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {

  /** What is killed. */
  enum Fault {
    TASK_MANAGER,
    BROKER,
    JOB_MANAGER
  }

  private static final Logger LOG = LoggerFactory.getLogger(FaultsTest.class);
  private static final String REPORT = "target/faults.txt";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int BROKERS = 3;
  private static final int PER_PARTITION = 4_000;

  private final int times = Integer.getInteger("faults.times", 3);
  private final long seed = Long.getLong("exactness.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private LocalKafkaCluster kafka;
  private LocalFlinkCluster flink;
  private int runs;

  @TempDir static Path folder;

  @BeforeAll
  void start() throws IOException {
    kafka = LocalKafkaCluster.start(BROKERS);
    flink =
        LocalFlinkCluster.startHighlyAvailable(
            Files.readString(Path.of("target/cluster.classpath")), 2, 1);
    Files.deleteIfExists(Path.of(REPORT));
    report(
        "%-13s %3s %9s %9s %9s %6s %8s %11s %10s",
        "killed", "run", "delivery", "sent", "received", "lost", "doubled", "dead", "s to recover");
  }

  @AfterAll
  void stop() {
    if (flink != null) {
      flink.close();
    }
    if (kafka != null) {
      kafka.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(3600)
  void losesAndDoublesNothing(Fault fault) throws Exception {
    for (int time = 1; time <= times; time++) {
      run(fault, time);
    }
  }

  private void run(Fault fault, int time) throws Exception {
    String topic = fault.name().toLowerCase(Locale.ROOT) + "-" + seed + "-" + ++runs;
    Traffic traffic = Traffic.seeded(seed + runs).of(PER_PARTITION);
    LOG.info("{}, run {}: {}", fault, time, traffic);
    kafka.createTopic(topic, traffic.partitions());
    kafka.createTopic(KafkaJob.resultsOf(topic), 1);
    kafka.createTopic(KafkaJob.onceOf(topic), 1);
    kafka.createTopic(KafkaJob.deadLettersOf(topic), 1);
    try (Feed feed = Feed.of(kafka, topic, traffic)) {
      Model model = Model.of(Model.withoutDuplicates(feed.sound()), KafkaJob.WINDOWING);
      CompletableFuture<Launched> job = start(topic);
      feed.goOnTo(0.15);
      await(() -> feed.isThere() && !panes(KafkaJob.onceOf(topic)).isEmpty());

      feed.goOnTo(1);
      double moment = 0.2 + 0.5 * random.nextDouble();
      await(() -> feed.share() >= moment);
      long killMillis = System.currentTimeMillis();
      kill(fault);
      awaitNews(topic, traffic.partitions());
      mend(fault);

      await(feed::isThere);
      await(() -> finals(KafkaJob.resultsOf(topic)).keySet().containsAll(model.finals().keySet()));
      await(() -> finals(KafkaJob.onceOf(topic)).keySet().containsAll(model.finals().keySet()));
      await(() -> Letters.of(kafka, topic, "LATE").size() >= model.late().size());
      double seconds = secondsOfSilence(topic, killMillis);
      flink.stopWithSavepoint(flink.runningJobs().get(0));
      job.join();

      hold(fault, time, topic, feed, model, seconds);
    }
  }

  private void hold(
      Fault fault, int time, String topic, Feed feed, Model model, double secondsToRecover)
      throws IOException {
    List<DeadLetter> letters = Letters.of(kafka, topic);
    Collection<String> letterIds = new HashSet<>(letters.stream().map(DeadLetter::getId).toList());
    int dead = model.late().size() + feed.broken().size();
    for (String results : List.of(KafkaJob.resultsOf(topic), KafkaJob.onceOf(topic))) {
      Model.Balance balance = model.balance(finals(results));
      report(
          "%-13s %3d %9s %9d %9d %6d %8d %5d/%5d %10.1f",
          fault.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          time,
          results.equals(KafkaJob.onceOf(topic)) ? "once" : "idempot.",
          balance.expected(),
          balance.found(),
          balance.lost(),
          balance.tooMany(),
          letterIds.size(),
          dead,
          secondsToRecover);
    }
    assertThat(model.complaints(finals(KafkaJob.resultsOf(topic)))).isEmpty();
    assertThat(model.complaints(finals(KafkaJob.onceOf(topic)))).isEmpty();
    assertThat(panes(KafkaJob.onceOf(topic)).stream().map(FaultsTest::identity))
        .as("panes in transactions, each once")
        .doesNotHaveDuplicates();
    assertThat(Letters.of(kafka, topic, "LATE")).isEqualTo(model.late());
    assertThat(Letters.of(kafka, topic, "DECODE")).isEqualTo(feed.broken());
    assertThat(letterIds).as("ids of dead letters, the same if they come again").hasSize(dead);
  }

  private static String identity(WindowResult<String, String> pane) {
    return FinalPanes.cellOf(pane) + " " + pane.revision();
  }

  private void kill(Fault fault) {
    switch (fault) {
      case TASK_MANAGER -> flink.killTaskManager(flink.taskManagers().get(0));
      case BROKER -> kafka.killNode(1 + random.nextInt(BROKERS));
      case JOB_MANAGER -> flink.killJobManager();
    }
    LOG.info("{} killed", fault);
    // Whoever runs it in production starts another: Kubernetes, systemd, YARN.
    switch (fault) {
      case TASK_MANAGER -> flink.startTaskManager();
      case BROKER -> LOG.info("the others go on");
      case JOB_MANAGER -> flink.startJobManager();
    }
  }

  private void mend(Fault fault) {
    if (fault == Fault.BROKER) {
      for (int node = 1; node <= BROKERS; node++) {
        if (!kafka.runningNodes().contains(node)) {
          kafka.startNode(node);
        }
      }
      kafka.awaitNodes(BROKERS);
    }
  }

  /** Waits until of each partition a broken record that was sent after this moment is told. */
  private void awaitNews(String topic, int partitions) {
    int before = kafka.readAll(topic).size();
    await(
        () ->
            Letters.of(kafka, topic).stream()
                    .filter(letter -> letter.getCategory().equals("DECODE"))
                    // Partitions are fed evenly.
                    .filter(letter -> letter.getOffset() * partitions > before)
                    .map(DeadLetter::getPartition)
                    .distinct()
                    .count()
                == partitions);
  }

  /**
   * Returns the longest time without a dead letter from the kill on, in seconds, by the producers'
   * clocks: several come in a second as long as the job works.
   */
  private double secondsOfSilence(String topic, long killMillis) {
    long[] times =
        LongStream.concat(
                LongStream.of(killMillis),
                kafka.readAll(KafkaJob.deadLettersOf(topic)).stream()
                    .mapToLong(ConsumerRecord::timestamp)
                    .filter(time -> time > killMillis))
            .sorted()
            .toArray();
    long longest = 0;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return longest / 1e3;
  }

  private CompletableFuture<Launched> start(String topic) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "@flink-cluster.options",
                "--flinkMaster=" + flink.master(),
                "--checkpointingInterval=2000",
                "--minPauseBetweenCheckpoints=500",
                "--stateBackendStoragePath=" + folder.resolve("checkpoints").toUri()));
    return CompletableFuture.supplyAsync(
        () ->
            Launched.of(
                FakeTemplate.of("faults", PipelineOptions.class)
                    .building(
                        (pipeline, unused) ->
                            KafkaJob.buildTwice(pipeline, kafka.bootstrapServers(), topic)),
                options.toArray(String[]::new)));
  }

  private List<WindowResult<String, String>> panes(String topic) {
    return kafka.readAll(topic).stream().map(record -> PaneText.decode(record.value())).toList();
  }

  private Map<Cell, String> finals(String topic) {
    return FinalPanes.lastOf(panes(topic));
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptionsMatching(FaultsTest::isOfTheBroker)
        .until(condition);
  }

  /** While a broker is away, its partitions have no leader for a moment. */
  private static boolean isOfTheBroker(Throwable thrown) {
    return thrown instanceof IllegalStateException
        || thrown instanceof org.apache.kafka.common.errors.RetriableException;
  }

  private static void report(String format, Object... values) throws IOException {
    String line = String.format(Locale.ROOT, format, values);
    LOG.info(line);
    Files.writeString(
        Path.of(REPORT),
        line + "\n",
        UTF_8,
        java.nio.file.StandardOpenOption.CREATE,
        java.nio.file.StandardOpenOption.APPEND);
  }
}
