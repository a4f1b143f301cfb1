package org.beamtemplates.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.beamtemplates.transforms.golden.Comparison;
import org.beamtemplates.transforms.golden.GoldenFile;
import org.beamtemplates.transforms.launch.Template;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: the final results of a run against a golden file. */
@Command(
    name = "compare",
    description = {
      "Compares what a template wrote (JSON lines) with a golden file.",
      "",
      "Of all results with the same key, the one with the highest revision counts. Exit code 0 if "
          + "all are equal, 1 if not."
    })
final class CompareCommand implements Callable<Integer> {

  private static final int EQUAL = 0;
  private static final int DIFFERENT = 1;

  private final Catalog catalog;
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "<template>", description = "Name of the template.")
  private String template;

  @Parameters(index = "1", paramLabel = "<golden>", description = "File with the expected results.")
  private Path golden;

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "<outputs>",
      description = "Files, or folders with files, that the run wrote.")
  private List<Path> outputs;

  @Option(
      names = "--fields",
      paramLabel = "<field>",
      split = ",",
      description = "Compare these fields only, such as those that are exact (default: all).")
  private Set<String> fields = Set.of();

  CompareCommand(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public Integer call() throws IOException {
    Template<?> written = catalog.named(template);
    Stream.concat(Stream.of(golden), outputs.stream())
        .filter(Files::notExists)
        .findFirst()
        .ifPresent(
            absent -> {
              throw new UserError("There is no file or folder " + absent);
            });
    GoldenFile expected = GoldenFile.read(golden);
    Comparison comparison =
        fields.isEmpty()
            ? expected.compare(outputs, written.resultKey())
            : expected.compareOnly(outputs, written.resultKey(), fields);
    PrintWriter out = spec.commandLine().getOut();
    out.print(comparison.report());
    out.flush();
    return comparison.isEqual() ? EQUAL : DIFFERENT;
  }
}
