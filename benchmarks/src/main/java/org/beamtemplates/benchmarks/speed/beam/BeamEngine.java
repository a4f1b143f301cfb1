package org.beamtemplates.benchmarks.speed.beam;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.benchmarks.speed.Engine;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.transforms.launch.Launcher;

/**
 * The library's transforms in a template, launched as {@code ./templates run … --on flink} launches
 * one: checkpoints, metrics, dead letters and accounting are on.
 */
public final class BeamEngine implements Engine {

  @Override
  public boolean does(Job job) {
    return true;
  }

  @Override
  public void run(Job job) {
    Path home = Path.of(System.getProperty("beamtemplates.home", "")).toAbsolutePath();
    List<String> args = new ArrayList<>();
    args.add("@" + home.resolve("runner-configs/flink/flink.options"));
    args.add("--parallelism=" + job.parallelism());
    args.add("--checkpointingInterval=" + Job.CHECKPOINT_MILLIS);
    args.add("--stateBackendStoragePath=" + job.folder().resolve("checkpoints").toUri());
    if (job.state() == Job.State.ROCKSDB) {
      args.add("--stateBackend=rocksdb");
    }
    Launcher.main(new PaymentTemplate(job), args.toArray(String[]::new));
  }
}
