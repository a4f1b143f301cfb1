package org.beamtemplates.cli;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import org.beamtemplates.cli.conformance.ConformanceCommand;
import org.beamtemplates.cli.deadletters.DeadLettersCommand;
import org.beamtemplates.cli.deadletters.Refusal;
import org.beamtemplates.cli.deadletters.ReplayLauncher;
import org.beamtemplates.pipelines.deadletterreplay.DeadLetterReplay;
import org.beamtemplates.transforms.launch.JobStatus;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code ./templates} command. */
@Command(
    name = "./templates",
    description =
        "Lists, describes, runs, shows and clones Beam templates, compares their results, and looks "
            + "after their dead letters.",
    synopsisSubcommandLabel = "<command>",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Templates implements Runnable {

  @Spec private CommandSpec spec;

  private Templates() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    String execFile = System.getenv().getOrDefault(RunCommand.EXEC_FILE, "");
    CommandLine command = create(Catalog.onClasspath(), Repository.current(), execFile);
    System.exit(command.execute(args));
  }

  /** Returns the command for these templates and this checkout. */
  static CommandLine create(Catalog catalog, Repository repository, String execFile) {
    CommandLine run = withJobOptions(new RunCommand(catalog, repository, execFile));
    CommandLine explain = withJobOptions(new ExplainCommand(catalog, repository, execFile));
    CommandLine upgrade = withJobOptions(new UpgradeCheckCommand(catalog, repository, execFile));
    CommandLine describe = withJobOptions(new DescribeCommand(catalog, repository, execFile));
    CommandLine command =
        new CommandLine(new Templates())
            .addSubcommand(new ListCommand(catalog, repository))
            .addSubcommand(describe)
            .addSubcommand(explain)
            .addSubcommand(run)
            .addSubcommand(upgrade)
            .addSubcommand(new DemoCommand(catalog, repository))
            .addSubcommand(new CompareCommand(catalog))
            .addSubcommand(DeadLettersCommand.create(replays(catalog, repository)))
            .addSubcommand(new ServicesCommand())
            .addSubcommand(new NewCommand(catalog, repository))
            .addSubcommand(new BenchCommand())
            .addSubcommand(new FaultsCommand())
            .addSubcommand(
                new ConformanceCommand(
                    repository.root(),
                    repository.configs().stream()
                        .sorted(Comparator.comparing(Config::module).thenComparing(Config::name))
                        .map(Config::name)
                        .toList()))
            .addSubcommand(new DoctorCommand(repository));
    for (CommandLine subcommand : command.getSubcommands().values()) {
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
    }
    command.setExpandAtFiles(false);
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          failed.getErr().println(messageOf(exception));
          return isMistake(exception) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
    return command;
  }

  /** What is not an option of the command is one of the job. */
  private static CommandLine withJobOptions(Object command) {
    return new CommandLine(command)
        .setUnmatchedOptionsArePositionalParams(true)
        .setExpandAtFiles(false);
  }

  /** The same command line as that of {@code run}. */
  private static ReplayLauncher replays(Catalog catalog, Repository repository) {
    return (config, options, status) ->
        JobCommand.of(
                catalog.named(DeadLetterReplay.NAME),
                repository.config(config),
                options,
                LocalDateTime.now(ZoneId.systemDefault()))
            .withProperty(JobStatus.PROPERTY, status.toString())
            .words();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See below.");
  }

  private static String messageOf(Exception exception) {
    return isMistake(exception) ? exception.getMessage() : exception.toString();
  }

  private static boolean isMistake(Exception exception) {
    return exception instanceof UserError || exception instanceof Refusal;
  }
}
