package org.beamtemplates.cli.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.beamtemplates.cli.conformance.Result.Outcome;

/** What the tests of all modules have noted: {@code target/conformance/<config>.tsv}. */
final class Results {

  private static final String SUFFIX = ".tsv";
  private static final int COLUMNS = 5;

  private Results() {}

  /** Returns the results below a checkout: of a test that has run twice, the last. */
  static List<Result> below(Path root) {
    Map<String, Result> results = new LinkedHashMap<>();
    for (Path file : files(root)) {
      String name = file.getFileName().toString();
      String config = name.substring(0, name.length() - SUFFIX.length());
      for (String line : linesOf(file)) {
        Result result = parse(config, line, file);
        results.put(config + " " + result.test(), result);
      }
    }
    return List.copyOf(results.values());
  }

  private static List<Path> files(Path root) {
    List<Path> modules = new ArrayList<>();
    modules.add(root.resolve("common-transforms"));
    modules.addAll(foldersIn(root.resolve("pipelines")));
    modules.addAll(foldersIn(root.resolve("runner-configs")));
    return modules.stream()
        .map(module -> module.resolve("target/conformance"))
        .filter(Files::isDirectory)
        .flatMap(folder -> entriesOf(folder).stream())
        .filter(file -> file.toString().endsWith(SUFFIX))
        .toList();
  }

  private static List<Path> foldersIn(Path folder) {
    return Files.isDirectory(folder)
        ? entriesOf(folder).stream().filter(Files::isDirectory).toList()
        : List.of();
  }

  private static List<Path> entriesOf(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder, e);
    }
  }

  private static List<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static Result parse(String config, String line, Path file) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalStateException(
          file + " has a line with " + columns.length + " columns instead of 5: " + line);
    }
    return new Result(
        config,
        columns[0],
        columns[1],
        columns[2],
        Outcome.valueOf(columns[3].toUpperCase(Locale.ROOT)),
        columns[4]);
  }
}
