package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalytics;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.Launched;
import org.beamtemplates.transforms.launch.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a launch on Flink. */
@ExtendWith(KafkaExtension.class)
class FlinkExplanationTest {

  @TempDir Path folder;

  @Test
  void tellsAPageOfAJobThatReadsATopic(LocalKafka kafka) {
    kafka.createTopic("explained", 3);
    kafka.createTopic("explained.dead-letters", 1);
    kafka.createTopic("explained-results", 1);

    Launched launched =
        explain(
            "--explain",
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--inputTopic=explained",
            "--inputEncoding=JSON",
            "--outputEncoding=JSON",
            "--outputTopic=explained-results",
            "--startFrom=latest",
            "--parallelism=4");

    assertThat(launched.err()).isEmpty();
    assertThat(launched.exitCode()).isEqualTo(Launcher.DONE);
    assertThat(launched.out())
        .startsWith("realtime-analytics on flink")
        .contains(
            "inside this JVM",
            "4 subtasks of each step",
            "every 10000 ms, EXACTLY_ONCE",
            "topic explained, 3 partitions",
            "reads batches of up to",
            "out of order by up to",
            "windows of 1m",
            "topic explained-results, at least once",
            "dead letters to topic explained.dead-letters, at least once",
            "explained has 3 partitions for 4 subtasks",
            "--startFrom=latest",
            "belongs on a cluster")
        .doesNotContain("DONE after");
    assertThat(launched.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void tellsTheSameToPrograms() throws IOException {
    Launched launched =
        explain(
            "--explain=json",
            "--input=" + Files.createFile(folder.resolve("input.jsonl")),
            "--output=" + folder.resolve("out"));

    JsonNode told = new ObjectMapper().readTree(launched.out());
    assertThat(told.path("template").asText()).isEqualTo("realtime-analytics");
    assertThat(told.at("/reads/Ingest/0").asText()).contains("input.jsonl");
    assertThat(told.at("/writes/Deliver~1WriteFiles/0").asText()).contains("at least once");
    assertThat(told.path("warnings")).isEmpty();
    assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**.jsonl");
  }

  @Test
  void tellsOfAJobWhoseClusterIsNotThere() throws IOException {
    Launched launched =
        Launched.of(
            new RealtimeAnalytics(),
            "@flink-cluster.options",
            "--flinkMaster=127.0.0.1:1",
            "--explain",
            "--input=" + Files.createFile(folder.resolve("input.jsonl")),
            "--output=" + folder.resolve("out"));

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    // Lines are broken where they are full.
    assertThat(launched.out().replaceAll("\\s+", " "))
        .contains("on the Flink cluster whose JobManager is 127.0.0.1:1", "in RocksDB, on disk")
        .contains("which every machine of the cluster must see");
    assertThat(launched.problems()).singleElement().asString().contains("no JobManager answers");
  }

  @Test
  void refusesWhatALaunchRefuses() {
    Launched launched = explain("--explain", "--input=/nowhere.jsonl", "--windowSize=banana");

    assertThat(launched.exitCode()).isEqualTo(Launcher.BAD_OPTIONS);
    assertThat(launched.problems()).anyMatch(line -> line.contains("--windowSize"));
  }

  private Launched explain(String... flags) {
    List<String> all = new ArrayList<>(List.of("@flink.options"));
    all.addAll(List.of(flags));
    return Launched.of(new RealtimeAnalytics(), all.toArray(String[]::new));
  }
}
