package org.beamtemplates.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code upgrade-check}: whether this version of a job can go on from the state of another. Only
 * the config's own JVM knows the job; as for {@code run}, the script replaces itself by it.
 */
@Command(
    name = "upgrade-check",
    description = {
      "Tells whether this version of a job can go on from the state of another one. Exit code 1 if it cannot.",
      "",
      "All other arguments are options, as for run: those that the job is to have."
    })
final class UpgradeCheckCommand implements Runnable {

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
      description = "Name of the config, such as flink-cluster.")
  private String config;

  @Option(
      names = "--from",
      paramLabel = "<graph.txt|savepoint>",
      description =
          "What it is to go on from: a graph that --save of the old version has written, or a savepoint.")
  private @Nullable String from;

  @Option(
      names = "--save",
      paramLabel = "<graph.txt>",
      description = "Write the graph of this version with these options there.")
  private @Nullable String save;

  @Parameters(index = "1..*", paramLabel = "--<option>=<value>|@<file>", description = "Options.")
  private List<String> options = List.of();

  UpgradeCheckCommand(Catalog catalog, Repository repository, String execFile) {
    this.catalog = catalog;
    this.repository = repository;
    this.execFile = execFile;
  }

  @Override
  public void run() {
    if (from == null && save == null) {
      throw new ParameterException(
          spec.commandLine(),
          "Give --from=<graph or savepoint> to compare with, or --save=<graph.txt> to write.");
    }
    List<String> more = new ArrayList<>(options);
    if (from != null) {
      // Relative to where the user is, as the job's own files.
      Path local = from.contains("://") ? null : Path.of(from);
      more.add(
          "--upgrade-from="
              + (local != null && Files.exists(local) ? local.toAbsolutePath() : from));
    }
    if (save != null) {
      more.add("--upgrade-save=" + save);
    }
    JobCommand.of(
            catalog.named(template),
            repository.config(config),
            more,
            LocalDateTime.now(ZoneId.systemDefault()))
        .handOver(execFile);
  }
}
