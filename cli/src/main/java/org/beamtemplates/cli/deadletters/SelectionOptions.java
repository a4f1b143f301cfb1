package org.beamtemplates.cli.deadletters;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.beamtemplates.transforms.deadletter.DeadLetterSelection;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters are meant: options of all commands that can look at several. */
final class SelectionOptions {

  @Option(
      names = "--category",
      split = ",",
      paramLabel = "<name>",
      description = "Only these categories, such as DECODE,LATE.")
  private Set<String> categories = Set.of();

  @Option(names = "--stage", split = ",", paramLabel = "<name>", description = "Only these stages.")
  private Set<String> stages = Set.of();

  @Option(
      names = "--pipeline",
      split = ",",
      paramLabel = "<name>",
      description = "Only these pipelines.")
  private Set<String> pipelines = Set.of();

  @Option(
      names = "--error",
      split = ",",
      paramLabel = "<class>",
      description = "Only these classes of errors, with or without package.")
  private Set<String> errors = Set.of();

  @Option(
      names = "--id",
      split = ",",
      paramLabel = "<id>",
      description = "Only these ids, or those that begin so.")
  private List<String> ids = List.of();

  @Option(
      names = "--since",
      paramLabel = "<time>",
      description = "Only what failed last at this time or later, such as 2026-01-31T08:00:00Z.")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "<time>",
      description = "Only what failed last before this time.")
  private @Nullable String until;

  Wanted wanted() {
    Instant from = since == null ? Instant.MIN : time("--since", since);
    Instant to = until == null ? Instant.MAX : time("--until", until);
    if (!from.isBefore(to)) {
      throw new Refusal("--until was " + until + ", which is not after --since=" + since);
    }
    requireNames("--category", categories);
    requireNames("--stage", stages);
    requireNames("--pipeline", pipelines);
    requireNames("--error", errors);
    for (String id : ids) {
      if (id.isBlank()) {
        throw new Refusal("--id was empty; give an id, or what it begins with");
      }
    }
    return new Wanted(
        new DeadLetterSelection(categories, stages, pipelines, errors, Set.of(), from, to), ids);
  }

  private static void requireNames(String option, Set<String> names) {
    if (names.stream().anyMatch(String::isBlank)) {
      throw new Refusal(option + " was empty; give a name, or leave it out for all");
    }
  }

  /** Returns the same as options of the template, without ids. */
  List<String> asTemplateOptions() {
    List<String> options = new ArrayList<>();
    add(options, "--categories=", categories);
    add(options, "--stages=", stages);
    add(options, "--pipelines=", pipelines);
    add(options, "--errorClasses=", errors);
    if (since != null) {
      options.add("--since=" + since);
    }
    if (until != null) {
      options.add("--until=" + until);
    }
    return options;
  }

  private static void add(List<String> options, String option, Set<String> values) {
    if (!values.isEmpty()) {
      options.add(option + String.join(",", values.stream().sorted().toList()));
    }
  }

  private static Instant time(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Refusal(
          option + " was " + text + "; allowed is a time in UTC such as 2026-01-31T08:00:00Z");
    }
  }
}
