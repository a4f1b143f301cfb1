package org.beamtemplates.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Only tells that there is such a command: the script {@code ./templates} runs the test itself, as
 * {@code bench} and its builds are none of this one's business.
 */
@Command(
    name = "faults",
    description =
        "Kills a TaskManager, a broker and a JobManager under load, and tells what was lost, doubled, and "
            + "how long it took to recover.")
final class FaultsCommand implements Runnable {

  @Option(
      names = "--times",
      paramLabel = "<n>",
      defaultValue = "3",
      description = "How often each is killed (default: ${DEFAULT-VALUE}).")
  private int times;

  @Override
  public void run() {
    throw new UserError("Faults are started by the script: ./templates faults --times=" + times);
  }
}
