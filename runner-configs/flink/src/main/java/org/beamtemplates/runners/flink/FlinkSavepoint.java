package org.beamtemplates.runners.flink;

import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.beamtemplates.runners.flink.FlinkPlan.Operator;
import org.beamtemplates.transforms.launch.Problems;

/**
 * A savepoint, or a checkpoint that was kept: what a job would go on from.
 *
 * @param path the folder, or the file {@code _metadata} in it
 */
record FlinkSavepoint(String path) {

  private static final String METADATA = "_metadata";

  /** The name of the option, for messages. */
  private static final String OPTION = "savepointPath";

  /** Reports why the job cannot go on from it. */
  void check(Supplier<Pipeline> job, Problems problems) {
    Collection<OperatorState> kept;
    try {
      kept = operators().stream().filter(FlinkSavepoint::hasState).toList();
    } catch (UnsupportedFileSystemSchemeException e) {
      problems.add(
          OPTION,
          "is "
              + path
              + ", which this launch has no file system for, so it cannot be checked: let"
              + " FLINK_PLUGINS_DIR name the folder of Flink's plugins, with one for it, and"
              + " FLINK_CONF_DIR the folder of the cluster's configuration");
      return;
    } catch (FileNotFoundException e) {
      problems.add(OPTION, "is " + path + ", where no savepoint is: it needs a file " + METADATA);
      return;
    } catch (IOException | RuntimeException e) {
      problems.add(OPTION, "is " + path + ", which cannot be read as a savepoint: " + e);
      return;
    }
    compare(kept, FlinkPlan.of(job.get()), problems);
  }

  private void compare(Collection<OperatorState> kept, FlinkPlan plan, Problems problems) {
    List<OperatorState> lost =
        kept.stream()
            .filter(state -> !plan.operators().containsKey(state.getOperatorID()))
            .toList();
    if (!lost.isEmpty()) {
      problems.add(
          OPTION, lost.size() * 2 > kept.size() ? ofAnotherJob(lost, kept) : withLost(lost, kept));
      return;
    }
    for (OperatorState state : kept) {
      Operator operator = plan.operators().get(state.getOperatorID());
      if (operator.parallelism() < state.getParallelism()) {
        problems.add(
            "parallelism",
            "is "
                + operator.parallelism()
                + ", but the savepoint "
                + path
                + " was taken with "
                + state.getParallelism()
                + ": with fewer subtasks Beam loses timers of a savepoint (apache/beam#25975); give"
                + " --parallelism="
                + state.getParallelism()
                + " or more");
        return;
      }
      if (operator.maxParallelism() > 0 && operator.maxParallelism() != state.getMaxParallelism()) {
        problems.add(
            "maxParallelism",
            "is "
                + operator.maxParallelism()
                + ", but the savepoint "
                + path
                + " has "
                + state.getMaxParallelism()
                + " key groups, which cannot be changed; give --maxParallelism="
                + state.getMaxParallelism());
        return;
      }
    }
  }

  private String ofAnotherJob(List<OperatorState> lost, Collection<OperatorState> kept) {
    return "is "
        + path
        + ", a savepoint of another job, or of a version with other names: "
        + lost.size()
        + " of its "
        + kept.size()
        + " steps with state are not in this one";
  }

  private String withLost(List<OperatorState> lost, Collection<OperatorState> kept) {
    return "is "
        + path
        + ", but "
        + lost.size()
        + " of its "
        + kept.size()
        + " steps with state are not in this job (operators "
        + String.join(
            ", ",
            lost.stream().map(OperatorState::getOperatorID).map(OperatorID::toHexString).toList())
        + "): their state would be lost. Steps are found by their names: give them back, or start"
        + " anew; ./templates upgrade-check with the graph of the old version names them";
  }

  private Collection<OperatorState> operators() throws IOException {
    Path given = new Path(path);
    FileSystems.load();
    FileSystem files = given.getFileSystem();
    Path file = files.getFileStatus(given).isDir() ? new Path(given, METADATA) : given;
    try (DataInputStream in = new DataInputStream(files.open(file))) {
      return Checkpoints.loadCheckpointMetadata(
              in, FlinkSavepoint.class.getClassLoader(), file.toString())
          .getOperatorStates();
    }
  }

  /**
   * The file systems that Flink's own clients have: what these variables name, once for the JVM.
   */
  private static final class FileSystems {

    static {
      Configuration configuration = GlobalConfiguration.loadConfiguration();
      FileSystem.initialize(
          configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
    }

    static void load() {
      // The class has done it.
    }
  }

  /** As Flink asks it before it refuses to leave state behind. */
  private static boolean hasState(OperatorState operator) {
    return operator.getCoordinatorState() != null
        || operator.getStates().stream().anyMatch(OperatorSubtaskState::hasState);
  }
}
