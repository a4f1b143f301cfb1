package org.beamtemplates.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.beamtemplates.services.LocalSparkCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A local cluster leaves no process behind, however it ends, while an application runs on it. */
@DisabledOnOs(OS.WINDOWS)
@Tag("cluster")
class ClusterEndTest {

  @Test
  void aKilledParentTakesAllAlong(@TempDir Path temporary) throws IOException {
    Process parent = startHolder(temporary);
    try (JavaSparkContext driver = driver(announcedMaster(parent))) {
      List<ProcessHandle> cluster = withAnExecutor(driver, parent::descendants);

      parent.destroyForcibly().onExit().join();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> cluster.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void closingEndsAllAndDeletesTheFolder() throws IOException {
    List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
    try (LocalSparkCluster cluster = LocalSparkCluster.start(classpath(), 1, 1);
        JavaSparkContext driver = driver(cluster.master())) {
      List<ProcessHandle> processes =
          withAnExecutor(
              driver,
              () -> ProcessHandle.current().descendants().filter(each -> !others.contains(each)));

      cluster.close();

      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(cluster.folder()).doesNotExist();
    }
  }

  /** Returns master, worker and executor once the application has used the last. */
  private static List<ProcessHandle> withAnExecutor(
      JavaSparkContext driver, Supplier<Stream<ProcessHandle>> processes) {
    assertThat(driver.parallelize(List.of(1, 2, 3)).count()).isEqualTo(3);
    List<ProcessHandle> all = processes.get().toList();
    assertThat(all).hasSize(3).allMatch(ProcessHandle::isAlive);
    return all;
  }

  private static JavaSparkContext driver(String master) {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster(master)
            .setAppName("cluster-end")
            .set("spark.executor.memory", "512m"));
  }

  private static Process startHolder(Path temporary) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-classpath",
            System.getProperty("java.class.path"),
            ClusterHolder.class.getName(),
            classpath())
        .redirectError(temporary.resolve("holder.log").toFile())
        .start();
  }

  private static String announcedMaster(Process parent) throws IOException {
    BufferedReader output = parent.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(ClusterHolder.ANNOUNCEMENT)) {
        return line.substring(ClusterHolder.ANNOUNCEMENT.length());
      }
    }
    throw new AssertionError("The holder ended before its cluster was up");
  }

  private static String classpath() throws IOException {
    return Files.readString(Path.of("target/cluster.classpath"));
  }
}
