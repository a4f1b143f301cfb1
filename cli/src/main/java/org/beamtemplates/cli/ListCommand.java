package org.beamtemplates.cli;

import java.io.PrintWriter;
import org.beamtemplates.transforms.launch.Template;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code list}: what there is to run, and on what. */
@Command(name = "list", description = "Lists the templates and the configs to run them on.")
final class ListCommand implements Runnable {

  private final Catalog catalog;
  private final Repository repository;
  @Spec private CommandSpec spec;

  ListCommand(Catalog catalog, Repository repository) {
    this.catalog = catalog;
    this.repository = repository;
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.println("Templates (./templates describe <template>)");
    for (Template<?> template : catalog.templates()) {
      out.printf("  %-24s %s%n", template.name(), template.summary());
    }
    out.println();
    out.println("Configs (./templates run <template> --on <config>)");
    for (Config config : repository.configs()) {
      out.printf("  %-24s %s%n", config.name(), config.summary());
    }
  }
}
