package org.beamtemplates.cli.deadletters;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code deadletters}: looks after dead letters. */
@Command(
    name = "deadletters",
    description = {
      "Looks after dead letters in a Kafka topic or in files: what there is, what one of them says, "
          + "copies of them, and their replay.",
    },
    synopsisSubcommandLabel = "<command>")
public final class DeadLettersCommand implements Runnable {

  /** System property with the width of the terminal, which the script knows. */
  static final String COLUMNS = "beamtemplates.columns";

  private static final int NO_TERMINAL = 200;

  @Spec private CommandSpec spec;

  private DeadLettersCommand() {}

  /**
   * Returns the command.
   *
   * @param launcher makes the command line of a replay
   */
  public static CommandLine create(ReplayLauncher launcher) {
    CommandLine replay =
        new CommandLine(new ReplayCommand(launcher))
            .setUnmatchedOptionsArePositionalParams(true)
            .setExpandAtFiles(false);
    CommandLine command =
        new CommandLine(new DeadLettersCommand())
            .addSubcommand(new ListCommand())
            .addSubcommand(new ShowCommand())
            .addSubcommand(new ExportCommand())
            .addSubcommand(replay);
    for (CommandLine subcommand : command.getSubcommands().values()) {
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
    }
    return command;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See below.");
  }

  static int width() {
    return Integer.getInteger(COLUMNS, NO_TERMINAL);
  }
}
