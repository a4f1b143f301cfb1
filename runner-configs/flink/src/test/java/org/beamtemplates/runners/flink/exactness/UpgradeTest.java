package org.beamtemplates.runners.flink.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.awaitility.Awaitility;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.runners.flink.exactness.KafkaJob.Version;
import org.beamtemplates.runners.flink.exactness.Model.Cell;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.FakeTemplate;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.beamtemplates.transforms.launch.Template;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job on a real cluster that is stopped with a savepoint and goes on as another version, with a
 * real Kafka before and behind: nothing is lost and nothing is doubled, or the launch is refused.
 */
@Timeout(600)
@ExtendWith(KafkaExtension.class)
@Tag("cluster")
class UpgradeTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** What all versions of the job need to know. */
  public interface Options extends PipelineOptions {

    @Description("Brokers.")
    String getServers();

    void setServers(String servers);

    @Description("Topic to read.")
    String getTopic();

    void setTopic(String topic);
  }

  private final LocalKafka kafka;
  private final Traffic traffic = Traffic.seeded(7).of(1200);
  private final String topic = "upgraded-" + System.nanoTime();

  @TempDir Path folder;

  UpgradeTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @Test
  void goesOnAsACompatibleVersionAndIsRefusedAsAnyOther() throws Exception {
    kafka.createTopic(topic, traffic.partitions());
    kafka.createTopic(KafkaJob.resultsOf(topic), 1);
    kafka.createTopic(KafkaJob.deadLettersOf(topic), 1);
    try (LocalFlinkCluster cluster =
            LocalFlinkCluster.start(Files.readString(Path.of("target/cluster.classpath")), 1, 2);
        Feed feed = Feed.of(kafka, topic, traffic)) {
      Model model = Model.of(Model.withoutDuplicates(feed.sound()), KafkaJob.WINDOWING);

      CompletableFuture<Launched> first = start(cluster, Version.FIRST);
      feed.goOnTo(0.5);
      await(first, () -> feed.isThere() && finals().size() > 10);
      String savepoint = cluster.stopWithSavepoint(cluster.runningJobs().get(0));
      assertThat(first.join().exitCode()).as(first.join().err()).isEqualTo(Launcher.DONE);
      Map<Cell, String> before = finals();

      assertRefused(cluster, savepoint);

      String from = "--savepointPath=" + savepoint;
      CompletableFuture<Launched> second = start(cluster, Version.WITH_ANOTHER_STEP, from);
      feed.goOnTo(1);
      await(second, () -> finals().keySet().containsAll(model.finals().keySet()));
      String later = cluster.stopWithSavepoint(cluster.runningJobs().get(0));
      assertThat(second.join().exitCode()).as(second.join().err()).isEqualTo(Launcher.DONE);
      assertRefusedWithAPartitionMore(cluster, later);

      assertThat(before.size()).as("some windows were over before").isLessThan(finals().size());
      assertThat(model.complaints(finals())).isEmpty();
    }
  }

  private void assertRefused(LocalFlinkCluster cluster, String savepoint) throws Exception {
    String from = "--savepointPath=" + savepoint;
    Launched renamed = start(cluster, Version.WITH_A_RENAMED_STEP, from).get();
    assertThat(renamed.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(renamed.problems())
        .singleElement()
        .asString()
        .containsPattern("--savepointPath +is file:.*, but \\d of its \\d+ steps with state")
        .contains("their state would be lost");

    Launched smaller = start(cluster, Version.FIRST, from, "--parallelism=1").get();
    assertThat(smaller.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(smaller.problems())
        .singleElement()
        .asString()
        .contains("--parallelism", "taken with 2", "beam#25975", "--parallelism=2 or more");

    Launched other =
        Launched.of(
            new RealtimeAnalytics(),
            options(
                cluster,
                "--input=" + Files.createFile(folder.resolve("input.jsonl")),
                "--output=" + folder.resolve("out"),
                from));
    assertThat(other.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(other.problems()).singleElement().asString().contains("a savepoint of another job");

    Launched none = start(cluster, Version.FIRST, "--savepointPath=" + folder.toUri()).get();
    assertThat(none.problems()).singleElement().asString().contains("where no savepoint is");

    assertThat(check(cluster, Version.WITH_A_RENAMED_STEP, savepoint)).isEqualTo(Launcher.FAILED);
    assertThat(check(cluster, Version.WITH_ANOTHER_STEP, savepoint)).isEqualTo(Launcher.DONE);
    assertThat(cluster.runningJobs()).isEmpty();
  }

  private void assertRefusedWithAPartitionMore(LocalFlinkCluster cluster, String savepoint)
      throws Exception {
    int before = traffic.partitions();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(before + 1))).all().get();
    }

    Launched grown =
        start(cluster, Version.WITH_ANOTHER_STEP, "--savepointPath=" + savepoint).get();

    assertThat(grown.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(grown.err())
        .contains("partitions " + before + " of topic " + topic, "--startFrom=committed");
  }

  private int check(LocalFlinkCluster cluster, Version version, String savepoint) throws Exception {
    return start(cluster, version, "--upgrade-from=" + savepoint).get().exitCode();
  }

  private CompletableFuture<Launched> start(
      LocalFlinkCluster cluster, Version version, String... more) {
    List<String> all =
        new ArrayList<>(List.of("--servers=" + kafka.bootstrapServers(), "--topic=" + topic));
    all.addAll(List.of(more));
    String[] options = options(cluster, all.toArray(String[]::new));
    return CompletableFuture.supplyAsync(() -> Launched.of(job(version), options));
  }

  private static Template<Options> job(Version version) {
    return FakeTemplate.of("upgraded", Options.class)
        .building(
            (pipeline, options) ->
                KafkaJob.build(pipeline, options.getServers(), options.getTopic(), version));
  }

  private String[] options(LocalFlinkCluster cluster, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "@flink-cluster.options",
                "--flinkMaster=" + cluster.master(),
                "--checkpointingInterval=1000",
                "--minPauseBetweenCheckpoints=0",
                "--stateBackendStoragePath=" + folder.resolve("checkpoints").toUri()));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private Map<Cell, String> finals() {
    return FinalPanes.lastOf(
        kafka.readAll(KafkaJob.resultsOf(topic)).stream()
            .map(record -> PaneText.decode(record.value()))
            .toList());
  }

  private static void await(CompletableFuture<Launched> job, Callable<Boolean> condition)
      throws IOException {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              assertThat(job).as("the job runs: %s", job).isNotDone();
              return condition.call();
            });
  }
}
