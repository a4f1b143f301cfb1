package org.beamtemplates.cli;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.beamtemplates.cli.profile.Profile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code run}: makes the command line of the job and hands it to the script, which replaces itself
 * by the job. So there is no process in between: signals and Ctrl-C reach the job, its exit code is
 * the command's, and nothing is left behind whichever process is killed. Only with a cluster for
 * the time of the job this process stays: see {@link ClusterRun}.
 */
@Command(
    name = "run",
    description = {
      "Runs a template with a config.",
      "",
      "All other arguments are options of the template, of the runner or of Beam (--name=value), or "
          + "@file with such options, one a line. They win over those of the config. Relative paths "
          + "start at the current directory."
    })
final class RunCommand implements Callable<Integer> {

  /** Environment variable of the script: the file that takes the command line, ended by NULs. */
  static final String EXEC_FILE = "BEAM_TEMPLATES_EXEC";

  private final Catalog catalog;
  private final Repository repository;
  private final String execFile;
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "<template>", description = "Name of the template.")
  private String template;

  @Option(
      names = "--on",
      paramLabel = "<config>",
      required = true,
      description = "Name of the config, such as direct or flink.")
  private String config;

  @Option(names = "--print", description = "Print the command line of the job; do not run it.")
  private boolean print;

  @Option(
      names = "--start-cluster",
      description =
          "Start a cluster of the runner, Flink or Spark, on this machine for the time of the job, as --on"
              + " flink-cluster needs one.")
  private boolean startCluster;

  @Option(
      names = {"--workers", "--task-managers"},
      paramLabel = "<n>",
      defaultValue = "1",
      description =
          "How many workers that cluster has, which Flink calls TaskManagers (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--slots",
      paramLabel = "<n>",
      defaultValue = "2",
      description =
          "How many tasks each of them runs at once, its slots or cores (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Mixin private ProfileOptions profiling;

  @Parameters(index = "1..*", paramLabel = "--<option>=<value>|@<file>", description = "Options.")
  private List<String> options = List.of();

  RunCommand(Catalog catalog, Repository repository, String execFile) {
    this.catalog = catalog;
    this.repository = repository;
    this.execFile = execFile;
  }

  @Override
  public Integer call() {
    requirePositive("--workers", workers);
    requirePositive("--slots", slots);
    Config chosen = repository.config(config);
    JobCommand plain =
        JobCommand.of(
            catalog.named(template), chosen, options, LocalDateTime.now(ZoneId.systemDefault()));
    Optional<Profile> profile = profiling.profile(template, chosen, plain.log());
    JobCommand command = profile.map(plain::with).orElse(plain);
    profile.filter(p -> !p.notice().isEmpty()).ifPresent(p -> tell(p.notice()));
    if (print) {
      spec.commandLine().getOut().println(command.quoted());
      return 0;
    }
    if (startCluster) {
      return new ClusterRun(chosen, workers, slots, spec.commandLine().getErr()).run(command);
    }
    command.handOver(execFile);
    return 0;
  }

  private static void requirePositive(String option, int given) {
    if (given < 1) {
      throw new UserError(option + " was " + given + "; 1 at least is allowed");
    }
  }

  private void tell(String notice) {
    spec.commandLine().getErr().println(notice);
  }
}
