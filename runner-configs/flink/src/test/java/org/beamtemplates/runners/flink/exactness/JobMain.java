package org.beamtemplates.runners.flink.exactness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * A Flink cluster and one job on it, in a JVM of their own that a test can kill. The job is
 * submitted over REST, as to any cluster: Beam takes a job up from a checkpoint in no other way.
 */
public final class JobMain {

  private static final int SLOTS = 4;

  private JobMain() {}

  /** Takes brokers, the topic, a folder for files, and then the options of the job. */
  public static void main(String[] args) throws Exception {
    FlinkPipelineOptions options =
        PipelineOptionsFactory.fromArgs(Arrays.copyOfRange(args, 3, args.length))
            .as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    try (MiniCluster cluster = cluster(options.getFlinkConfDir())) {
      cluster.start();
      options.setFlinkMaster("127.0.0.1:" + cluster.getRestAddress().get().getPort());
      // The cluster has all classes already; without a file, Beam would send the whole classpath.
      options.setFilesToStage(List.of(emptyJar(Path.of(args[2])).toString()));
      Pipeline pipeline = Pipeline.create(options);
      KafkaJob.build(pipeline, args[0], args[1]);
      pipeline.run();
    }
  }

  private static MiniCluster cluster(String confDir) {
    Configuration configuration = GlobalConfiguration.loadConfiguration(confDir);
    configuration.set(RestOptions.PORT, 0);
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
    // A job that fails by itself is to end, for the test to see it.
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    return new MiniCluster(
        new MiniClusterConfiguration.Builder()
            .setConfiguration(configuration)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(SLOTS)
            .build());
  }

  private static Path emptyJar(Path folder) throws Exception {
    Path jar = folder.resolve("empty.jar");
    new JarOutputStream(Files.newOutputStream(jar), new Manifest()).close();
    return jar;
  }
}
