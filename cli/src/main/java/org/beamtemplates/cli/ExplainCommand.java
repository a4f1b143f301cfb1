package org.beamtemplates.cli;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code explain}: what a launch would do. Only the config's own JVM knows that; as for {@code
 * run}, the script replaces itself by it.
 */
@Command(
    name = "explain",
    description = {
      "Makes all checks of a launch and tells what the job would do, without starting it: where it runs, "
          + "what it reads, keeps and writes, with which guarantees, and what is to be looked at. Exit "
          + "code 2 if it would be refused.",
      "",
      "All other arguments are options, as for run."
    })
final class ExplainCommand implements Runnable {

  private final Catalog catalog;
  private final Repository repository;
  private final String execFile;

  @Parameters(index = "0", paramLabel = "<template>", description = "Name of the template.")
  private String template;

  @Option(
      names = "--on",
      paramLabel = "<config>",
      required = true,
      description = "Name of the config, such as direct or flink.")
  private String config;

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  @Parameters(index = "1..*", paramLabel = "--<option>=<value>|@<file>", description = "Options.")
  private List<String> options = List.of();

  ExplainCommand(Catalog catalog, Repository repository, String execFile) {
    this.catalog = catalog;
    this.repository = repository;
    this.execFile = execFile;
  }

  @Override
  public void run() {
    List<String> more = new ArrayList<>(options);
    more.add(json ? "--explain=json" : "--explain");
    JobCommand.of(
            catalog.named(template),
            repository.config(config),
            more,
            LocalDateTime.now(ZoneId.systemDefault()))
        .handOver(execFile);
  }
}
