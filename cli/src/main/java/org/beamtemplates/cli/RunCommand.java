package org.beamtemplates.cli;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
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
 * the command's, and nothing is left behind whichever process is killed.
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
final class RunCommand implements Runnable {

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

  @Mixin private ProfileOptions profiling;

  @Parameters(index = "1..*", paramLabel = "--<option>=<value>|@<file>", description = "Options.")
  private List<String> options = List.of();

  RunCommand(Catalog catalog, Repository repository, String execFile) {
    this.catalog = catalog;
    this.repository = repository;
    this.execFile = execFile;
  }

  @Override
  public void run() {
    Config chosen = repository.config(config);
    JobCommand plain =
        JobCommand.of(
            catalog.named(template), chosen, options, LocalDateTime.now(ZoneId.systemDefault()));
    Optional<Profile> profile = profiling.profile(template, chosen, plain.log());
    JobCommand command = profile.map(plain::with).orElse(plain);
    profile.filter(p -> !p.notice().isEmpty()).ifPresent(p -> tell(p.notice()));
    if (print) {
      spec.commandLine().getOut().println(command.quoted());
    } else {
      command.handOver(execFile);
    }
  }

  private void tell(String notice) {
    spec.commandLine().getErr().println(notice);
  }
}
