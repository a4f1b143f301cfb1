package org.beamtemplates.cli;

import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.transforms.launch.Template;
import org.beamtemplates.transforms.launch.TemplateDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code describe}: the options of a template, and with a config how it is computed there. Only the
 * config's own JVM knows that; as for {@code run}, the script replaces itself by it.
 */
@Command(
    name = "describe",
    description = {
      "Describes a template and its options; with --on also how its steps are computed there.",
      "",
      "All other arguments are options of the template, as for run: what is computed depends on them."
    })
final class DescribeCommand implements Runnable {

  private final Catalog catalog;
  private final Repository repository;
  private final String execFile;
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "<template>", description = "Name of the template.")
  private String template;

  @Option(
      names = "--on",
      paramLabel = "<config>",
      defaultValue = "",
      description = "Name of the config, such as direct or flink.")
  private String config;

  @Parameters(index = "1..*", paramLabel = "--<option>=<value>|@<file>", description = "Options.")
  private List<String> options = List.of();

  DescribeCommand(Catalog catalog, Repository repository, String execFile) {
    this.catalog = catalog;
    this.repository = repository;
    this.execFile = execFile;
  }

  @Override
  public void run() {
    Template<?> described = catalog.named(template);
    if (!config.isEmpty()) {
      List<String> more = new ArrayList<>(options);
      more.add("--help");
      JobCommand.of(
              described, repository.config(config), more, LocalDateTime.now(ZoneId.systemDefault()))
          .handOver(execFile);
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(TemplateDescription.of(described));
    out.flush();
  }
}
