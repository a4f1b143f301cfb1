package org.beamtemplates.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.beamtemplates.cli.create.ExistingTemplate;
import org.beamtemplates.cli.create.LaunchConfig;
import org.beamtemplates.cli.create.NewTemplate;
import org.beamtemplates.cli.create.Refusal;
import org.beamtemplates.transforms.launch.Template;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code new}: a template of the user's own, made from one that there is. */
@Command(
    name = "new",
    description = {
      "Makes a new template from an existing one: code, tests, golden files and documentation under "
          + "a new name.",
      "",
      "Without --out it becomes a module of this repository, known to the command and to the "
          + "runners. With --out it becomes a project that builds, tests and runs without this "
          + "repository."
    })
final class NewCommand implements Runnable {

  private final Catalog catalog;
  private final Repository repository;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "<name>",
      description = "Name of the new template: lower-case words with dashes, such as card-views.")
  private String name;

  @Option(
      names = "--from",
      paramLabel = "<template>",
      required = true,
      description = "Name of the template to make it from.")
  private String from;

  @Option(
      names = "--package",
      paramLabel = "<package>",
      description = "Its Java package, such as com.acme.cards. Default: one of this project's.")
  private String packageName;

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      description = "Make a project of its own in this folder, which must be new or empty.")
  private Path out;

  @Option(
      names = "--runners",
      paramLabel = "<runner>",
      split = ",",
      description = "Runners that the project gets, with commas between them. Default: all.")
  private List<String> runners;

  NewCommand(Catalog catalog, Repository repository) {
    this.catalog = catalog;
    this.repository = repository;
  }

  @Override
  public void run() {
    ExistingTemplate source = existing(catalog.named(from));
    if (runners != null && out == null) {
      throw new UserError(
          "--runners is "
              + String.join(",", runners)
              + ", but it is for a project of its own. Add --out, or leave it away: a module of"
              + " this repository runs on all its runners.");
    }
    List<String> chosen = chosenRunners();
    PrintWriter report = spec.commandLine().getOut();
    try {
      NewTemplate created =
          NewTemplate.of(
              repository.root(),
              catalog.templates().stream().map(NewCommand::existing).toList(),
              source,
              name,
              packageName);
      if (out == null) {
        tellModule(created.asModule(), created.packageName(), report);
      } else {
        tellProject(created.asProject(out, chosen, configs()), created.packageName(), report);
      }
    } catch (Refusal e) {
      throw new UserError(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Nothing was made, because of " + e, e);
    }
  }

  private List<String> chosenRunners() {
    List<String> all = repository.runners();
    List<String> chosen = runners == null ? all : runners.stream().map(String::strip).toList();
    for (String runner : chosen) {
      if (!all.contains(runner)) {
        throw new UserError(
            "--runners names %s, which is no runner here. %s"
                .formatted(
                    runner.isEmpty() ? "an empty word" : runner,
                    Choices.of("Runners", runner, all)));
      }
    }
    return chosen;
  }

  private List<LaunchConfig> configs() {
    List<LaunchConfig> configs = new ArrayList<>();
    for (Config config : repository.configs()) {
      String runner = config.module().getFileName().toString();
      configs.add(new LaunchConfig(config.name(), runner, config.summary()));
    }
    return configs;
  }

  private static ExistingTemplate existing(Template<?> template) {
    return new ExistingTemplate(
        template.name(), template.getClass().getPackageName(), template.summary());
  }

  private void tellModule(Path module, String packageName, PrintWriter report) {
    Path shown = repository.root().relativize(module);
    report.println(
        "Made %s from %s: the module %s, in the package %s."
            .formatted(name, from, shown, packageName));
    report.println();
    report.println("Next:");
    report.println("  ./templates list                     # builds it, and shows it");
    report.println("  ./mvnw verify -am -pl " + shown + "   # its tests");
    report.println("  " + shown + "/README.md tells what to customise, and where.");
    report.flush();
  }

  private void tellProject(Path folder, String packageName, PrintWriter report) {
    report.println(
        "Made %s from %s: the project %s, in the package %s."
            .formatted(name, from, folder, packageName));
    report.println();
    report.println("Next:");
    report.println("  cd " + folder);
    report.println("  ./templates list   # builds it; then ./templates run " + name + " …");
    report.println("  ./mvnw verify      # all tests");
    report.println("  README.md tells what is where, and what to customise.");
    report.flush();
  }
}
