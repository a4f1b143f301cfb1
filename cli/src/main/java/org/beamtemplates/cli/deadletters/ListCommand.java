package org.beamtemplates.cli.deadletters;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deadletters list}: what there is. */
@Command(
    name = "list",
    description = {
      "Counts dead letters by pipeline, stage, category and error; with --each lists the newest.",
      "",
      "Repetitions of an id count once. What is no dead letter is counted and told."
    })
final class ListCommand implements Runnable {

  private static final int MOST = 100_000;

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;
  @Mixin private SelectionOptions selection;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<where>",
      description = SourceOptions.WHERE)
  private @Nullable Path where;

  @Option(names = "--each", description = "List single dead letters, the newest last.")
  private boolean each;

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "How many of the newest --each lists (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print a JSON object a line, with whole ids.")
  private boolean json;

  @Override
  public void run() {
    if (limit < 1 || limit > MOST) {
      throw new Refusal("--limit was " + limit + "; allowed are 1 to " + MOST);
    }
    Wanted wanted = selection.wanted();
    LetterSource letters = source.open(where);
    if (each) {
      Newest newest = new Newest(limit);
      Sifted sifted = Sifted.pass(letters, wanted, newest::add);
      tell(
          json ? lines(newest.jsonLines()) : newest.table(DeadLettersCommand.width()),
          sifted,
          newest.size() < sifted.taken() ? ", the newest " + newest.size() + " of them here" : "");
    } else {
      Groups groups = new Groups();
      Sifted sifted = Sifted.pass(letters, wanted, found -> groups.add(found.letter()));
      tell(json ? lines(groups.jsonLines()) : groups.table(DeadLettersCommand.width()), sifted, "");
    }
  }

  /** With --json, what is for people goes to the standard error. */
  private void tell(String text, Sifted sifted, String more) {
    PrintWriter out = spec.commandLine().getOut();
    if (json || sifted.taken() > 0) {
      out.print(text);
      out.flush();
    }
    int count = sifted.taken();
    String rest = sifted.rest();
    PrintWriter told = json ? spec.commandLine().getErr() : out;
    told.println(
        (count == 1 ? "1 dead letter" : count + " dead letters")
            + more
            + (rest.isEmpty() ? "" : "; " + rest));
    told.flush();
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }
}
