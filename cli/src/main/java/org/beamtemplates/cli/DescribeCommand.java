package org.beamtemplates.cli;

import java.io.PrintWriter;
import org.beamtemplates.transforms.launch.TemplateDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code describe}: the options of a template. */
@Command(name = "describe", description = "Describes a template and its options.")
final class DescribeCommand implements Runnable {

  private final Catalog catalog;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "<template>", description = "Name of the template.")
  private String template;

  DescribeCommand(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(TemplateDescription.of(catalog.named(template)));
    out.flush();
  }
}
