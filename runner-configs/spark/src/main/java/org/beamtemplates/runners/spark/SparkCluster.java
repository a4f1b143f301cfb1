package org.beamtemplates.runners.spark;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.runners.spark.SparkPipelineOptions;
import org.apache.beam.sdk.util.construction.resources.PipelineResources;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.beamtemplates.transforms.launch.Problems;

/**
 * A standalone cluster that a job is sent to.
 *
 * @param master {@code spark://host:port}, with more of {@code host:port} behind commas if others
 *     stand by
 */
record SparkCluster(String master) {

  private static final String SCHEME = "spark://";

  /** For finding the master and for its answer, each. */
  private static final String LIMIT = "5s";

  private static final String LOOPBACK = "127.0.0.1";

  /**
   * What every cluster has itself: Spark, Scala, Hadoop's client, what it keeps its history in, and
   * logging.
   */
  private static final Pattern OF_THE_CLUSTER =
      Pattern.compile(
          "(spark|scala|hadoop|rocksdbjni|log4j|slf4j|(jcl|jul)-(over|to)-slf4j)-.*\\.jar");

  /** Returns the cluster that the options name, if they do. */
  static Optional<SparkCluster> of(SparkPipelineOptions options) {
    return Optional.of(options.getSparkMaster())
        .filter(master -> master.startsWith(SCHEME))
        .map(SparkCluster::new);
  }

  /** Reports a cluster that does not answer. */
  void check(Problems problems) {
    SparkConf conf =
        new SparkConf()
            .set("spark.rpc.lookupTimeout", LIMIT)
            .set("spark.rpc.io.connectionCreationTimeout", LIMIT);
    RpcEnv client = RpcEnv.create("launch", LOOPBACK, 0, conf, security(conf), true);
    try {
      for (String one : addresses()) {
        if (answers(client, one)) {
          return;
        }
      }
      problems.add(
          "sparkMaster",
          "is "
              + master
              + ", but no master of Spark answers there; give spark://host:port as its web page"
              + " shows it, or add --start-cluster to ./templates run");
    } finally {
      client.shutdown();
    }
  }

  private List<String> addresses() {
    return Arrays.stream(master.substring(SCHEME.length()).split(",", -1))
        .map(SCHEME::concat)
        .toList();
  }

  /** Whatever else listens there does not know the endpoint. */
  private static boolean answers(RpcEnv client, String address) {
    try {
      return client.setupEndpointRef(RpcAddress.fromSparkURL(address), Master.ENDPOINT_NAME())
          != null;
    } catch (Exception e) {
      return false;
    }
  }

  /** The settings of the job count: a cluster can ask for a secret, or for encryption. */
  private static SecurityManager security(SparkConf conf) {
    return new SecurityManager(
        conf,
        SecurityManager.$lessinit$greater$default$2(),
        SecurityManager.$lessinit$greater$default$3());
  }

  /**
   * Sends the jars along that the cluster does not have, unless the options name them: the job's
   * own and its libraries, not Spark's.
   */
  void stageFor(SparkPipelineOptions options) {
    if (options.getFilesToStage() == null || options.getFilesToStage().isEmpty()) {
      List<String> all =
          PipelineResources.detectClassPathResourcesToStage(
              SparkCluster.class.getClassLoader(), options);
      options.setFilesToStage(all.stream().filter(SparkCluster::isOfTheJob).toList());
    }
  }

  private static boolean isOfTheJob(String file) {
    return !OF_THE_CLUSTER.matcher(Path.of(file).getFileName().toString()).matches();
  }
}
