package org.beamtemplates.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Only tells that there is such a command: the script {@code ./templates} starts it itself, as
 * benchmarks are on no classpath of this command.
 */
@Command(
    name = "bench",
    description =
        "Compares the library's speed with native Flink, Kafka Streams and a plain loop; see "
            + "docs/benchmarks.md.")
final class BenchCommand implements Runnable {

  @Parameters(hidden = true)
  private List<String> arguments = new ArrayList<>();

  @Override
  public void run() {
    throw new UserError(
        "Benchmarks are started by the script: ./templates bench " + String.join(" ", arguments));
  }
}
