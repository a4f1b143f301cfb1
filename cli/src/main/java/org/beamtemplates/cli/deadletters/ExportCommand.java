package org.beamtemplates.cli.deadletters;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deadletters export}: a copy of some. */
@Command(
    name = "export",
    description = {
      "Copies dead letters to a new file, each once.",
      "",
      "Its name tells the format: .avro and .jsonl hold whole envelopes (bytes in Base64), and the "
          + "other commands read them; .csv is for spreadsheets, without payload, key and headers."
    })
final class ExportCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;
  @Mixin private SelectionOptions selection;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<where>",
      description = SourceOptions.WHERE)
  private @Nullable Path where;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "<file>",
      description = "The new file: .jsonl, .avro or .csv.")
  private Path to;

  @Override
  public void run() {
    Wanted wanted = selection.wanted();
    LetterSource letters = source.open(where);
    Sifted sifted;
    try (Export export = Export.to(to)) {
      sifted =
          Sifted.pass(
              letters,
              wanted,
              found -> {
                try {
                  export.add(found.letter());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException | UncheckedIOException e) {
      throw new Refusal("--to=" + to + " could not be written to its end (" + e.getMessage() + ")");
    }
    PrintWriter out = spec.commandLine().getOut();
    String rest = sifted.rest();
    out.println(
        "Written: %d dead letters to %s%s"
            .formatted(sifted.taken(), to, rest.isEmpty() ? "" : "; " + rest));
    out.flush();
  }
}
