package org.beamtemplates.benchmarks.scaling;

import java.nio.file.Path;
import java.util.Map;
import org.beamtemplates.benchmarks.speed.EngineProcess;
import org.beamtemplates.benchmarks.speed.Measured;
import org.beamtemplates.benchmarks.speed.ThreadTimes;

/** Watches a job: once a second, as often as it tells what its threads have used. */
final class JobWatch implements EngineProcess.Watcher {

  private final SteadyThreads threads;
  private final CheckpointSize checkpoints;
  private ThreadTimes seen = new ThreadTimes(Map.of());

  /**
   * Watches one.
   *
   * @param records that it reads
   * @param folder that it writes its checkpoints to
   */
  JobWatch(long records, Path folder) {
    this.threads = new SteadyThreads(records);
    this.checkpoints = new CheckpointSize(folder);
  }

  @Override
  public void see(long records, ThreadTimes times) {
    // Only when times are new do they belong to this number of records.
    if (!times.equals(seen)) {
      seen = times;
      threads.see(records, times);
      checkpoints.look();
    }
  }

  /** Returns what was seen of a job that cost this. */
  Outcome outcome(Measured measured) {
    return new Outcome(measured, threads.load(), checkpoints.largest());
  }
}
