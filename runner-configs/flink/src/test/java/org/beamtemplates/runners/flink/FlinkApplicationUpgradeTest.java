package org.beamtemplates.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.services.LocalKafka;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an upgrade by savepoint does: one cluster stops with a savepoint, the next goes on from it.
 */
@ExtendWith(KafkaExtension.class)
@Tag("cluster")
class FlinkApplicationUpgradeTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final ObjectMapper JSON = new ObjectMapper();
  private final CountedEvents events;

  @TempDir Path folder;

  FlinkApplicationUpgradeTest(LocalKafka kafka) {
    this.events = CountedEvents.on(kafka);
  }

  @Test
  void goesOnFromASavepointOnAnotherCluster() throws Exception {
    events.send(0, 60);
    String savepoint;
    try (LocalFlinkCluster first = start("earliest", Map.of())) {
      await().atMost(PATIENCE).until(() -> events.counted() == 60);
      await("the partition without a record is known to the group as well")
          .atMost(PATIENCE)
          .until(() -> events.partitionsUnknownToTheJob().isEmpty());

      savepoint = stopWithSavepoint(first);

      assertThat(first.awaitEnd(PATIENCE)).isZero();
    }
    events.send(60, 100);

    // Without the savepoint, it would see none of the events: they are all there already.
    try (LocalFlinkCluster next = start("latest", Map.of("execution.savepoint.path", savepoint))) {
      await().atMost(PATIENCE).until(() -> events.counted() >= 100);

      assertThat(events.counted()).isEqualTo(100);
      assertThat(next.jobManagerLog()).contains(savepoint);
    }
  }

  private LocalFlinkCluster start(String startFrom, Map<String, String> settings)
      throws IOException {
    return TemplateApplication.start(folder, settings, events.job(startFrom));
  }

  private String stopWithSavepoint(LocalFlinkCluster cluster)
      throws IOException, InterruptedException {
    String job = "/jobs/" + cluster.get("/jobs").at("/jobs/0/id").asText();
    HttpRequest stop =
        HttpRequest.newBuilder(URI.create("http://" + cluster.master() + job + "/stop"))
            .POST(
                BodyPublishers.ofString(
                    JSON.writeValueAsString(
                        Map.of(
                            "drain",
                            false,
                            "targetDirectory",
                            folder.resolve("savepoints").toUri()))))
            .header("Content-Type", "application/json")
            .build();
    JsonNode taken = parse(HttpClient.newHttpClient().send(stop, BodyHandlers.ofString()).body());
    String trigger = job + "/savepoints/" + taken.path("request-id").asText();
    await()
        .atMost(PATIENCE)
        .until(() -> cluster.get(trigger).at("/status/id").asText().equals("COMPLETED"));
    JsonNode operation = cluster.get(trigger).path("operation");
    assertThat(operation.path("failure-cause").isMissingNode())
        .describedAs(operation.toString())
        .isTrue();
    return operation.path("location").asText();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
