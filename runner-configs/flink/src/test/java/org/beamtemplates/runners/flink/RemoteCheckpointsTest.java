package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.FlinkInstallation;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.services.LocalHdfs;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalS3;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints where all machines of a cluster see them: a job is taken up from them when a
 * TaskManager is killed, and by another cluster when the first is gone with all of its disks.
 */
@ExtendWith(KafkaExtension.class)
@Tag("cluster")
class RemoteCheckpointsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration POLL = Duration.ofMillis(500);

  /** The jars of file systems, and of the servers behind them. */
  private static final Path HADOOP = Path.of("target/storage/hadoop");

  private static final Path PLUGINS = Path.of("target/storage/plugins");
  private static final Path SERVERS = Path.of("target/storage/servers");

  private final CountedEvents events;

  @TempDir Path folder;

  RemoteCheckpointsTest(LocalKafka kafka) {
    this.events = CountedEvents.on(kafka);
  }

  @Test
  void areTakenUpFromHdfs() throws Exception {
    FlinkInstallation flink = TemplateApplication.flink().withJars(filesIn(HADOOP));
    String server = flink.withJars(filesIn(SERVERS.resolve("hdfs"))).classpath();
    try (LocalHdfs hdfs = LocalHdfs.start(server)) {
      holds(flink, hdfs.uri() + "/checkpoints");
    }
  }

  /** The service is emulated; what Flink does is what it does with the real one. */
  @Test
  void areTakenUpFromAnS3Endpoint() throws Exception {
    try (LocalS3 s3 = LocalS3.start(filesIn(SERVERS.resolve("s3")).get(0))) {
      s3.createBucket("state");
      FlinkInstallation flink =
          TemplateApplication.flink()
              .withPlugins(PLUGINS)
              .with("s3.endpoint", s3.endpoint())
              .with("s3.path.style.access", "true")
              .with("s3.access-key", "any")
              .with("s3.secret-key", "any");

      String newest = holds(flink, "s3://state/checkpoints");

      assertThat(checkUpgrade(flink, newest)).as("what a launch can read as well").isZero();
    }
  }

  /** Returns the exit code of a check in a JVM that has what Flink's own clients have. */
  private int checkUpgrade(FlinkInstallation flink, String savepoint) throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.write(
        conf.resolve("config.yaml"),
        flink.settings().entrySet().stream()
            .map(setting -> setting.getKey() + ": " + setting.getValue())
            .toList());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RealtimeAnalytics.class.getName(), "@application/application.options"));
    command.addAll(List.of(events.job("latest")));
    command.add("--upgrade-from=" + savepoint);
    ProcessBuilder check = new ProcessBuilder(command).inheritIO();
    check.environment().put("FLINK_PLUGINS_DIR", PLUGINS.toAbsolutePath().toString());
    check.environment().put("FLINK_CONF_DIR", conf.toString());
    return check.start().waitFor();
  }

  /** Returns where the checkpoint is that the second cluster has gone on from. */
  private String holds(FlinkInstallation flink, String checkpoints) throws Exception {
    events.send(0, 60);
    String newest;
    try (LocalFlinkCluster cluster = start(flink, checkpoints, "earliest", Map.of())) {
      await().atMost(PATIENCE).pollInterval(POLL).until(() -> events.counted() == 60);
      awaitCheckpoint(cluster);

      cluster.killTaskManager(cluster.taskManagers().get(0));
      cluster.startTaskManager();
      events.send(60, 80);
      await().atMost(PATIENCE).pollInterval(POLL).until(() -> events.counted() >= 80);

      assertThat(events.counted()).isEqualTo(80);
      JsonNode restored = checkpoints(cluster).at("/latest/restored");
      assertThat(restored.path("external_path").asText()).startsWith(checkpoints);
      newest = awaitCheckpoint(cluster);
      assertThat(newest).startsWith(checkpoints);
    }
    events.send(80, 100);

    // Without the checkpoint, it would see none of the events: they are all there already.
    try (LocalFlinkCluster next =
        start(flink, checkpoints, "latest", Map.of("execution.savepoint.path", newest))) {
      await().atMost(PATIENCE).pollInterval(POLL).until(() -> events.counted() >= 100);

      assertThat(events.counted()).isEqualTo(100);
      assertThat(checkpoints(next).at("/latest/restored/external_path").asText()).isEqualTo(newest);
    }
    return newest;
  }

  private LocalFlinkCluster start(
      FlinkInstallation flink, String checkpoints, String startFrom, Map<String, String> settings)
      throws IOException {
    String[] job = events.job(startFrom);
    String[] options = Arrays.copyOf(job, job.length + 2);
    options[job.length] = "--checkpointingInterval=1000";
    options[job.length + 1] = "--minPauseBetweenCheckpoints=0";
    // The newest that is known may be followed by others before the cluster ends.
    return TemplateApplication.start(
        folder, flink.with("state.checkpoints.num-retained", "10"), checkpoints, settings, options);
  }

  /** Waits for a checkpoint that begins after this, and returns where it is. */
  private static String awaitCheckpoint(LocalFlinkCluster cluster) throws IOException {
    int before = checkpoints(cluster).at("/counts/completed").asInt();
    // One may be under way.
    await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .until(() -> checkpoints(cluster).at("/counts/completed").asInt() >= before + 2);
    return checkpoints(cluster).at("/latest/completed/external_path").asText();
  }

  private static JsonNode checkpoints(LocalFlinkCluster cluster) throws IOException {
    return cluster.get("/jobs/" + cluster.get("/jobs").at("/jobs/0/id").asText() + "/checkpoints");
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toAbsolutePath).sorted().toList();
    }
  }
}
