package org.beamtemplates.cli.deadletters;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterPayload;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deadletters show}: all that one of them says. */
@Command(
    name = "show",
    description = {
      "Shows a dead letter: where it came from, when and why it failed, the failures before it, key, "
          + "headers and payload.",
      "",
      "The payload is decoded where its schema is known; else its bytes are shown, and why."
    })
final class ShowCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;

  @Parameters(
      index = "0",
      paramLabel = "<id>",
      description = "Id of the dead letter, or what no other id begins with.")
  private String id;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "<where>",
      description = SourceOptions.WHERE)
  private @Nullable Path where;

  @Option(
      names = "--registryUrl",
      paramLabel = "<url>",
      description = "Schema registry that knows the payload's schema.")
  private @Nullable String registryUrl;

  @Option(
      names = "--schema",
      paramLabel = "<file>",
      description = "File with the payload's Avro schema (.avsc), instead of a registry.")
  private @Nullable Path schema;

  @Option(names = "--full", description = "Show all bytes of the payload, not the first 4 KB.")
  private boolean full;

  @Option(
      names = "--payload-to",
      paramLabel = "<file>",
      description = "Write the payload's bytes to this new file.")
  private @Nullable Path payloadTo;

  @Override
  public void run() {
    Schemas schemas = Schemas.of(schema, registryUrl);
    LetterSource letters = source.open(where);
    Lookup.Hit hit = Lookup.one(letters, id);
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        LetterText.of(
            hit.found(),
            Lookup.earlier(letters, hit.found()),
            hit.repetitions(),
            new PayloadView(schemas, full)));
    if (payloadTo != null) {
      out.println(written(hit.found().letter(), payloadTo));
    }
    out.flush();
  }

  private static String written(DeadLetter letter, Path file) {
    byte[] payload;
    try {
      payload =
          DeadLetterPayload.of(letter)
              .orElseThrow(() -> new Refusal("There is no payload for --payload-to=" + file));
    } catch (IOException e) {
      throw new Refusal("The payload cannot be read (" + e.getMessage() + ")");
    }
    try {
      Files.write(file, payload, StandardOpenOption.CREATE_NEW);
      return "Written: " + payload.length + " bytes to " + file;
    } catch (FileAlreadyExistsException e) {
      throw new Refusal("--payload-to=" + file + " exists: name a new file");
    } catch (IOException e) {
      throw new Refusal("--payload-to=" + file + " cannot be written (" + e + ")");
    }
  }
}
