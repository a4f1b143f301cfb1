package org.beamtemplates.runners.flink;

import java.util.Optional;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.beamtemplates.transforms.launch.Explanation;

/** What Flink's options mean for a job, in words. */
final class FlinkExplanation {

  private static final long LONG_INTERVAL_MILLIS = 300_000;
  private static final long LONG_BUNDLE_MILLIS = 1_000;

  private final FlinkPipelineOptions options;
  private final Optional<FlinkCluster> cluster;
  private final boolean ofApplication;

  FlinkExplanation(FlinkPipelineOptions options) {
    this.options = options;
    this.cluster = FlinkCluster.of(options);
    this.ofApplication = options.getFlinkMaster().equals(FlinkPipelineOptions.AUTO);
  }

  void tell(Explanation to) {
    to.runs(
        "where",
        cluster
            .map(there -> "on the Flink cluster whose JobManager is " + there.master())
            .orElse(
                ofApplication
                    ? "on the Flink cluster that starts this program, in application mode; started"
                        + " by anything else, inside its JVM"
                    : "inside this JVM, on an embedded Flink that ends with it"));
    to.runs("parallelism", parallelism());
    to.runs("checkpoints", checkpoints());
    to.runs("state", state());
    to.runs(
        "bundles",
        options.getMaxBundleSize()
            + " elements or "
            + options.getMaxBundleTimeMills()
            + " ms: a step that gathers sends then, so each adds up to "
            + options.getMaxBundleTimeMills()
            + " ms to the latency");
    warn(to);
  }

  private String parallelism() {
    String subtasks =
        options.getParallelism() < 1
            ? "what the cluster has as its default"
            : options.getParallelism() + " subtasks of each step";
    int max = options.getMaxParallelism();
    return subtasks
        + "; "
        + (max < 1
            ? "as many key groups as Flink takes, 128 for up to 85 subtasks: the limit of later"
                + " scaling"
            : max + " key groups: the limit of later scaling");
  }

  private String checkpoints() {
    if (options.getCheckpointingInterval() <= 0) {
      return "none: a restart begins anew";
    }
    return "every "
        + options.getCheckpointingInterval()
        + " ms, "
        + options.getCheckpointingMode()
        + (Boolean.TRUE.equals(options.getRetainExternalizedCheckpointsOnCancellation())
            ? ", the last kept when the job is cancelled"
            : ", deleted when the job is cancelled");
  }

  private String state() {
    String backend =
        options.getStateBackend() == null ? "Flink's default" : options.getStateBackend();
    String where =
        switch (backend) {
          case "rocksdb" -> "in RocksDB, on disk";
          case "filesystem", "hashmap" -> "on the heap: it must fit there";
          default -> backend;
        };
    return where
        + (options.getStateBackendStoragePath() == null
            ? ""
            : "; checkpoints in " + options.getStateBackendStoragePath());
  }

  private void warn(Explanation to) {
    String path = options.getStateBackendStoragePath();
    if (options.getCheckpointingInterval() <= 0) {
      to.warn(
          "no checkpoints: after a failure records are lost or doubled. Give"
              + " --checkpointingInterval, such as 10000.");
    } else if (options.getCheckpointingInterval() > LONG_INTERVAL_MILLIS) {
      to.warn(
          "a checkpoint every "
              + options.getCheckpointingInterval()
              + " ms: after a failure that much is read and done again.");
    }
    boolean onCluster = cluster.isPresent() || ofApplication;
    if (onCluster && path != null && path.startsWith("file:")) {
      to.warn(
          "checkpoints go to "
              + path
              + ", which every machine of the cluster must see: with more than one, give"
              + " --stateBackendStoragePath=s3://…, hdfs://… or a shared disk.");
    }
    if (options.getMaxBundleTimeMills() > LONG_BUNDLE_MILLIS) {
      to.warn(
          "bundles of "
              + options.getMaxBundleTimeMills()
              + " ms: results come that much later for each step that gathers.");
    }
    if (!onCluster && to.isOfStream()) {
      to.warn(
          "an embedded Flink cannot go on from a checkpoint: what runs for long belongs on a"
              + " cluster (--on flink-cluster).");
    }
  }
}
