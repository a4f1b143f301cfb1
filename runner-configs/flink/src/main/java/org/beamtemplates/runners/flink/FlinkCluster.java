package org.beamtemplates.runners.flink;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.util.construction.resources.PipelineResources;
import org.beamtemplates.transforms.launch.Problems;

/**
 * A cluster that a job is sent to.
 *
 * @param master host and port of the JobManager's REST API
 */
record FlinkCluster(String master) {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Anything else that Beam takes, such as {@code [local]}, names no cluster. */
  private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\[\\]\\s/:]+:\\d{1,5}");

  /** What every cluster has itself: Flink, its state backends, and logging. */
  private static final Pattern OF_THE_CLUSTER =
      Pattern.compile("(flink|frocksdbjni|log4j|slf4j)-.*\\.jar");

  /** Returns the cluster that the options name, if they do. */
  static Optional<FlinkCluster> of(FlinkPipelineOptions options) {
    return Optional.of(options.getFlinkMaster())
        .filter(master -> HOST_AND_PORT.matcher(master).matches())
        .map(FlinkCluster::new);
  }

  /** Reports a cluster that does not answer. */
  void check(Problems problems) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master + "/overview")).timeout(LIMIT).build();
    try {
      HttpResponse<Void> response =
          HttpClient.newBuilder()
              .connectTimeout(LIMIT)
              .build()
              .send(request, BodyHandlers.discarding());
      if (response.statusCode() != 200) {
        refuse(
            problems, "what answers there is no JobManager (HTTP " + response.statusCode() + ")");
      }
    } catch (IOException e) {
      refuse(problems, "no JobManager answers there");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(problems, "asking it was interrupted");
    }
  }

  private void refuse(Problems problems, String why) {
    problems.add(
        "flinkMaster",
        "is "
            + master
            + ", but "
            + why
            + "; give host:port of its REST API, or add --start-cluster to ./templates run");
  }

  /**
   * Sends the jars along that the cluster does not have, unless the options name them: the job's
   * own and its libraries, not Flink's.
   */
  void stageFor(FlinkPipelineOptions options) {
    if (options.getFilesToStage() == null || options.getFilesToStage().isEmpty()) {
      List<String> all =
          PipelineResources.detectClassPathResourcesToStage(
              FlinkCluster.class.getClassLoader(), options);
      options.setFilesToStage(all.stream().filter(FlinkCluster::isOfTheJob).toList());
    }
  }

  private static boolean isOfTheJob(String file) {
    return !OF_THE_CLUSTER.matcher(Path.of(file).getFileName().toString()).matches();
  }
}
