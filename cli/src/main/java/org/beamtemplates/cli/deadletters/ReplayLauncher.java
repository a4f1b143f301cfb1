package org.beamtemplates.cli.deadletters;

import java.nio.file.Path;
import java.util.List;

/** Makes the command line of a job that replays dead letters. */
@FunctionalInterface
public interface ReplayLauncher {

  /**
   * Returns the command line of the job's JVM.
   *
   * @param config name of the config to run on
   * @param options options of the template
   * @param status file that the job tells its state in
   */
  List<String> command(String config, List<String> options, Path status);
}
