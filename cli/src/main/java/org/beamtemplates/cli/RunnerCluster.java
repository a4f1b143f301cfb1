package org.beamtemplates.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.beamtemplates.services.LocalFlinkCluster;
import org.beamtemplates.services.LocalSparkCluster;

/**
 * A cluster of a runner on this machine, for the time of a job.
 *
 * @param master where it listens
 * @param folder of its logs
 * @param jobOptions what sends a job to it
 * @param end ends it
 */
record RunnerCluster(String master, Path folder, List<String> jobOptions, Runnable end)
    implements AutoCloseable {

  /** The runners that have one, by the names of their modules. */
  enum Kind {
    FLINK("Flink", "TaskManagers", "slots") {
      @Override
      RunnerCluster start(String classpath, int workers, int slots) {
        LocalFlinkCluster cluster = LocalFlinkCluster.start(classpath, workers, slots);
        return new RunnerCluster(
            cluster.master(),
            cluster.folder(),
            List.of(
                "--flinkMaster=" + cluster.master(),
                "--stateBackendStoragePath=" + cluster.folder().resolve("checkpoints").toUri()),
            cluster::close);
      }
    },
    SPARK("Spark", "workers", "cores") {
      @Override
      RunnerCluster start(String classpath, int workers, int slots) {
        LocalSparkCluster cluster = LocalSparkCluster.start(classpath, workers, slots);
        return new RunnerCluster(
            cluster.master(),
            cluster.folder(),
            List.of("--sparkMaster=" + cluster.master()),
            cluster::close);
      }
    };

    private final String runner;
    private final String workers;
    private final String slots;

    Kind(String runner, String workers, String slots) {
      this.runner = runner;
      this.workers = workers;
      this.slots = slots;
    }

    /** Returns the kind of cluster that a config is for. */
    static Kind of(Config config) {
      for (Kind kind : values()) {
        if (config.module().endsWith(kind.name().toLowerCase(Locale.ROOT))) {
          return kind;
        }
      }
      throw new UserError(
          "--start-cluster is for configs of Flink and Spark, such as flink-cluster, and not for "
              + config.name());
    }

    /** Returns the runner's own name. */
    String runner() {
      return runner;
    }

    /** Returns how large a cluster is, in the runner's words. */
    String size(int count, int slotsOfEach) {
      return count + " " + workers + ", " + slotsOfEach + " " + slots + " each";
    }

    /**
     * Starts a cluster and returns when all of its workers are there.
     *
     * @param classpath of the runner
     * @param slots how many subtasks a worker runs at once
     * @throws IllegalStateException if it does not come up
     */
    abstract RunnerCluster start(String classpath, int workers, int slots);
  }

  @Override
  public void close() {
    end.run();
  }
}
