package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.testing.GoldenResults;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a real cluster: a JobManager and TaskManagers in JVMs of their own. */
@Tag("cluster")
class FlinkClusterTest {

  private static final int SLOTS = 2;

  private static LocalFlinkCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster =
        LocalFlinkCluster.start(Files.readString(Path.of("target/cluster.classpath")), 2, SLOTS);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void givesTheGoldenResults() throws Exception {
    // A class of the template's tests, beside its golden files.
    Class<?> home =
        Class.forName("org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsFilesTest");
    Path output = folder.resolve("out");

    Launched launched =
        launch(
            cluster.master(),
            // Relative: a TaskManager runs in another directory.
            "--input=" + relative(GoldenResults.copyOf(home, "input.jsonl", folder)),
            "--output=" + relative(output));

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    GoldenResults.of(home, "expected.jsonl", new RealtimeAnalytics().resultKey()).hold(output);
    assertThat(launched.out()).describedAs("counters from the cluster").contains("deduplicate");
    assertThat(cluster.get("/jobs").findValuesAsText("status")).contains("FINISHED");
  }

  @Test
  void missesATaskManagerThatWasKilledAndTakesAnother() {
    int another = cluster.startTaskManager();
    cluster.awaitSlots(3 * SLOTS);

    cluster.killTaskManager(another);

    cluster.awaitSlots(2 * SLOTS);
  }

  @Test
  void refusesAClusterThatDoesNotAnswer() throws IOException {
    Launched launched =
        launch(
            "127.0.0.1:1",
            "--input=" + Files.createFile(folder.resolve("input.jsonl")),
            "--output=" + folder.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--flinkMaster", "is 127.0.0.1:1", "no JobManager answers", "--start-cluster");
  }

  private static Path relative(Path path) {
    return Path.of("").toAbsolutePath().relativize(path);
  }

  private Launched launch(String master, String... job) {
    List<String> options = new ArrayList<>(List.of(job));
    options.add(0, "@flink-cluster.options");
    options.add("--flinkMaster=" + master);
    options.add("--stateBackendStoragePath=" + folder.resolve("checkpoints").toUri());
    return Launched.of(new RealtimeAnalytics(), options.toArray(String[]::new));
  }
}
