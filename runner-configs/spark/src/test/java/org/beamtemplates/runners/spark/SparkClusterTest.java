package org.beamtemplates.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.LocalSparkCluster;
import org.beamtemplates.testing.GoldenResults;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on a real cluster: a master, workers and their executors in JVMs of their own. */
@Tag("cluster")
class SparkClusterTest {

  private static LocalSparkCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = LocalSparkCluster.start(Files.readString(Path.of("target/cluster.classpath")), 2, 1);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  @Conforms(
      subject = "realtime-analytics",
      capability = "golden results from files",
      on = "spark-cluster")
  void givesTheGoldenResults() throws Exception {
    // A class of the template's tests, beside its golden files.
    Class<?> home =
        Class.forName("org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsFilesTest");
    Path output = folder.resolve("out");

    Launched launched =
        launch(
            cluster.master(),
            // Relative: an executor runs in another directory.
            "--input=" + relative(GoldenResults.copyOf(home, "input.jsonl", folder)),
            "--output=" + relative(output));

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    GoldenResults.of(home, "expected.jsonl", new RealtimeAnalytics().resultKey()).hold(output);
    assertThat(launched.out()).describedAs("counters from the cluster").contains("deduplicate");
    assertThat(cluster.get().path("completedapps").findValuesAsText("state")).contains("FINISHED");
  }

  @Test
  void missesAWorkerThatWasKilledAndTakesAnother() {
    int another = cluster.startWorker();
    cluster.awaitWorkers(3);

    cluster.killWorker(another);

    cluster.awaitWorkers(2);
  }

  @Test
  void refusesAStreamWithItsReasons() {
    Launched launched =
        Launched.of(
            new EndlessTemplate(), "@spark-cluster.options", "--sparkMaster=" + cluster.master());

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems()).singleElement().asString().contains("reads files only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://127.0.0.1:1", "spark://127.0.0.1:1,127.0.0.1:2", "spark://me"})
  void refusesAClusterThatDoesNotAnswer(String master) throws IOException {
    assertRefused(master);
  }

  @Test
  void refusesSomethingElseThatAnswers() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused("spark://127.0.0.1:" + other.getLocalPort());
    }
  }

  private void assertRefused(String master) throws IOException {
    Launched launched =
        launch(
            master,
            "--input=" + Files.createFile(folder.resolve("input.jsonl")),
            "--output=" + folder.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems())
        .singleElement()
        .asString()
        .contains("--sparkMaster", "is " + master, "no master of Spark answers", "--start-cluster");
  }

  private static Path relative(Path path) {
    return Path.of("").toAbsolutePath().relativize(path);
  }

  private static Launched launch(String master, String... job) {
    List<String> options = new ArrayList<>(List.of(job));
    options.add(0, "@spark-cluster.options");
    options.add("--sparkMaster=" + master);
    return Launched.of(new RealtimeAnalytics(), options.toArray(String[]::new));
  }
}
