package org.beamtemplates.cli.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code conformance}: writes docs/conformance.md from the results of the tests. The script runs
 * the tests before it starts this, unless {@code --check} is given.
 */
@Command(
    name = "conformance",
    description = {
      "Runs the tests that show what works on which runner, and writes docs/conformance.md.",
      "",
      "Takes up to 25 minutes."
    })
public final class ConformanceCommand implements Callable<Integer> {

  private static final String PAGE = "docs/conformance.md";
  private static final int DIFFERENT = 1;

  private final Path root;
  private final List<String> configs;
  @Spec private CommandSpec spec;

  @Option(
      names = "--check",
      description =
          "Run nothing and write nothing: compare the page with the results of the last"
              + " ./mvnw verify, for the configs that have some. Exit code 1 if they differ.")
  private boolean check;

  /**
   * The command for a checkout.
   *
   * @param configs what jobs can be run on
   */
  public ConformanceCommand(Path root, List<String> configs) {
    this.root = root;
    this.configs = List.copyOf(configs);
  }

  @Override
  public Integer call() {
    List<Result> results = Results.below(root);
    if (results.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf(
              "There are no results of tests below %s: run ./mvnw verify first, or leave --check"
                  + " out.%n",
              root);
      return ExitCode.USAGE;
    }
    ConformanceTable table = ConformanceTable.of(results, configs);
    return check ? compare(table, configsOf(results)) : write(table);
  }

  private static Set<String> configsOf(List<Result> results) {
    return results.stream().map(Result::config).collect(Collectors.toUnmodifiableSet());
  }

  private int compare(ConformanceTable table, Set<String> ran) {
    List<String> differences = table.differencesTo(read(), ran);
    PrintWriter out = spec.commandLine().getOut();
    if (differences.isEmpty()) {
      out.printf(
          "%s is what the tests say of %s%n",
          PAGE, String.join(", ", ran.stream().sorted().toList()));
      return 0;
    }
    out.printf("%s is stale:%n", PAGE);
    differences.forEach(difference -> out.printf("  %s%n", difference));
    out.printf("./templates conformance writes it anew.%n");
    return DIFFERENT;
  }

  private int write(ConformanceTable table) {
    Path page = root.resolve(PAGE);
    String before = read();
    String now = table.markdown();
    try {
      Files.createDirectories(page.getParent());
      Files.writeString(page, now, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + page, e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(now.lines().filter(line -> line.startsWith("|")).collect(Collectors.joining("\n")));
    out.printf("%n%s %s%n", PAGE, now.equals(before) ? "is as it was" : "has changed");
    return table.hasFailures() ? DIFFERENT : 0;
  }

  private String read() {
    try {
      return Files.readString(root.resolve(PAGE), UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + root.resolve(PAGE), e);
    }
  }
}
