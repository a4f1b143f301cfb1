package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.RecordHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DeadLettersCommandTest {

  @TempDir private Path folder;
  private Path kept;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void keepSome() throws IOException {
    kept = Files.createDirectories(folder.resolve("kept"));
    Path letters = Files.createDirectories(kept.resolve("dead-letters"));
    Samples.write(
        letters.resolve("a.avro"),
        List.of(
            Samples.undecodable("aa01", 1),
            Samples.undecodable("aa02", 2),
            Samples.undecodable("aa02", 2),
            Samples.late("bb03", 3)));
  }

  @Test
  void listCountsByKindAndEachIdOnce() {
    assertThat(execute("list", kept.toString())).isZero();

    assertThat(out.toString().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .containsExactly(
            "pipeline | stage | category | error | count | replayable | first seen | last seen | example",
            "shop | ingest | DECODE | DecodeException | 2 | 2 | 2026-01-31T08:00:01Z"
                + " | 2026-01-31T08:00:02Z | aa02 | no magic byte",
            "shop | aggregate | LATE | 1 | 1 | 2026-01-31T08:00:03Z | 2026-01-31T08:00:03Z"
                + " | bb03 | its window ended 2026-01-31T08:01:00Z, the watermark was"
                + " 2026-01-31T08:01:30Z",
            "3 dead letters; 1 repetition of an id left out");
  }

  @Test
  void listSelects() {
    assertThat(execute("list", kept.toString(), "--category=LATE,PROCESS")).isZero();
    assertThat(out.toString()).contains("bb03").doesNotContain("aa02", "3 dead letters");

    assertSelected(2, "--error=DecodeException");
    assertSelected(1, "--stage", "aggregate");
    assertSelected(0, "--pipeline=other");
    assertSelected(1, "--id=bb");
    assertSelected(2, "--since=2026-01-31T08:00:02Z");
    assertSelected(1, "--since=2026-01-31T08:00:01Z", "--until=2026-01-31T08:00:02Z");
  }

  private void assertSelected(int count, String... options) {
    List<String> args = new ArrayList<>(List.of("list", kept.toString(), "--json"));
    args.addAll(List.of(options));
    err.getBuffer().setLength(0);
    assertThat(execute(args.toArray(String[]::new))).isZero();
    assertThat(err.toString()).startsWith(count == 1 ? "1 dead letter;" : count + " dead letters;");
  }

  @Test
  void eachListsTheNewestLastAndNoMoreThanTheLimit() {
    assertThat(execute("list", kept.toString(), "--each", "--limit=2")).isZero();

    assertThat(out.toString().lines().skip(1))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("aa02 ").contains(" orders-1@2 ", "no magic byte"),
            line -> assertThat(line).startsWith("bb03 ").contains(" orders-1@3 "),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "3 dead letters, the newest 2 of them here; 1 repetition of an id left out"));
  }

  @Test
  void jsonIsForMachinesAndNothingElseIsOnTheStandardOutput() throws IOException {
    assertThat(execute("list", kept.toString(), "--json")).isZero();

    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.path("count").asInt()).isEqualTo(2);
    assertThat(first.path("errorClass").asText()).isEqualTo("org.example.DecodeException");
    assertThat(first.path("exampleId").asText()).isEqualTo("aa02");
    assertThat(err.toString()).startsWith("3 dead letters");
  }

  @Test
  void whatIsNoDeadLetterIsCountedAndTheRestIsRead() throws IOException {
    Files.writeString(kept.resolve("dead-letters/b.jsonl"), "{\"id\": 7}\nnonsense\n");
    byte[] whole = Files.readAllBytes(kept.resolve("dead-letters/a.avro"));
    Files.write(kept.resolve("dead-letters/c.avro"), Arrays.copyOf(whole, whole.length - 40));

    assertThat(execute("list", kept.toString())).isZero();
    assertThat(out.toString())
        .contains("3 dead letters")
        .contains("3 malformed, the first at")
        .contains("b.jsonl#0: not a dead letter");
  }

  @Test
  void aTerminalObeysNoDeadLetter() {
    DeadLetter letter = Samples.undecodable("cc\u001b[2J01", 1);
    letter.setPipeline("sh\u009bop");
    letter.setErrorClass("a.B\u001b]0;C");
    letter.setErrorMessage("red\u001b[31m\n\u202elatot\u0007");
    letter.setErrorStack("at a\u001b[2J\n\tat b");
    letter.setContentType("text/plain\u001b[1m");
    letter.setHeaders(List.of(new RecordHeader("h\u001b", ByteBuffer.wrap(new byte[] {27, 'c'}))));
    Path file = Samples.write(folder.resolve("evil.avro"), List.of(letter));

    for (List<String> args :
        List.of(
            List.of("list", file.toString()),
            List.of("list", "--each", file.toString()),
            List.of("list", "--each", "--json", file.toString()),
            List.of("show", "cc", file.toString()),
            List.of("show", "none", file.toString()))) {
      execute(args.toArray(String[]::new));
    }

    String shown = out.toString() + err;
    assertThat(shown.replaceAll("\\\\u00[0-9a-f]{2}", ""))
        .doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202e]")
        .contains("red [31m latot");
  }

  @Test
  void showTellsEverythingThatCanBeRead() throws IOException {
    DeadLetter first = Samples.undecodable("dd01", 1);
    DeadLetter second = Samples.again(first, "dd02");
    DeadLetter third = Samples.again(second, "dd03");
    third.setErrorStack("at org.example.Decoder.decode(Decoder.java:7)\n\tat org.example.Main");
    third.setKey(ByteBuffer.wrap("key-1".getBytes(UTF_8)));
    third.setHeaders(
        List.of(new RecordHeader("trace", ByteBuffer.wrap(new byte[] {0, (byte) 0xff}))));
    third.setContentType("application/json");
    third.setPayload(ByteBuffer.wrap("{\"price\":1,\"of\":[2]}".getBytes(UTF_8)));
    Path file = Samples.write(folder.resolve("chain.avro"), List.of(third, first, second));

    assertThat(execute("show", "dd03", file.toString())).isZero();

    assertThat(out.toString())
        .contains("id             dd03\n")
        .contains("from           orders-1@1\n")
        .contains("lies at        " + file + "#0\n")
        .contains("first failure  2026-01-31T08:00:01Z\nlast failure   2026-01-31T08:02:01Z\n")
        .contains("attempts       3\n")
        .containsSubsequence("before that    dd02  attempt 2", "before that    dd01  attempt 1")
        .contains("error          org.example.DecodeException\nmessage        no magic byte\n")
        .contains(
            "stack\n  at org.example.Decoder.decode(Decoder.java:7)\n    at org.example.Main\n")
        .contains("key            key-1\nheader         trace = 0x00ff\n")
        .contains("Decoded as JSON:\n{\n  \"price\" : 1,\n  \"of\" : [ 2 ]\n}\n")
        .doesNotContain("is not here");
  }

  @Test
  void showSaysWhichFailureBeforeIsNotThere() {
    DeadLetter again = Samples.again(Samples.undecodable("gone", 1), "dd02");
    Path file = Samples.write(folder.resolve("half.avro"), List.of(again));

    assertThat(execute("show", "dd02", file.toString())).isZero();
    assertThat(out.toString()).contains("before that    gone  is not here");
  }

  @Test
  void showNamesTheCandidatesOfAnAmbiguousId() {
    assertThat(execute("show", "aa", kept.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("Several dead letters have ids that begin with aa:\n  aa01  ingest DECODE")
        .contains("\n  aa02  ingest");

    assertThat(execute("show", "aa02", kept.toString())).isZero();
    assertThat(out.toString()).contains("#1, and 1 times more\n");
  }

  @Test
  void anIdThatOthersBeginWithIsNotAmbiguousInFull() {
    Path file =
        Samples.write(
            folder.resolve("ids.avro"),
            List.of(Samples.undecodable("ee", 1), Samples.undecodable("ee1", 2)));

    assertThat(execute("show", "ee", file.toString())).isZero();
    assertThat(out.toString()).contains("id             ee\n");
  }

  @Test
  void showWritesThePayloadToANewFile() throws IOException {
    Path file = folder.resolve("payload");

    assertThat(execute("show", "aa01", kept.toString(), "--payload-to=" + file)).isZero();
    assertThat(file).hasContent("value-1");

    assertThat(execute("show", "aa02", kept.toString(), "--payload-to=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("exists: name a new file");
    assertThat(file).hasContent("value-1");
  }

  @Test
  void whatIsExportedIsReadAgain() {
    for (String name : List.of("x.avro", "x.jsonl")) {
      Path file = folder.resolve(name);
      assertThat(execute("export", kept.toString(), "--to=" + file, "--category=DECODE")).isZero();
      List<DeadLetter> read = new ArrayList<>();
      Sifted again = Sifted.pass(FileSource.of(file), Wanted.ALL, f -> read.add(f.letter()));
      assertThat(again.rest()).isEmpty();
      assertThat(read)
          .containsExactly(Samples.undecodable("aa01", 1), Samples.undecodable("aa02", 2));
    }
  }

  @Test
  void aSpreadsheetTakesNoMessageForAFormula() throws IOException {
    DeadLetter letter = Samples.undecodable("ff01", 1);
    letter.setErrorMessage("=cmd|\"calc\"!A1,\nsecond line");
    Path letters = Samples.write(folder.resolve("formula.avro"), List.of(letter));
    Path csv = folder.resolve("x.csv");

    assertThat(execute("export", letters.toString(), "--to", csv.toString())).isZero();

    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1))
        .startsWith("\"ff01\",\"DECODE\",\"shop\",\"ingest\",")
        .contains(",\"'=cmd|\"\"calc\"\"!A1, second line\",\"KAFKA\",\"orders\",1,1,");
  }

  @Test
  void exportOverwritesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("x.jsonl"), "mine");

    assertThat(execute("export", kept.toString(), "--to=" + file)).isEqualTo(1);
    assertThat(err.toString()).contains("exists: name a new file");
    assertThat(file).hasContent("mine");

    assertThat(execute("export", kept.toString(), "--to=" + folder.resolve("x.txt"))).isEqualTo(1);
    assertThat(err.toString()).contains("allowed are names that end in .jsonl, .avro or .csv");
  }

  @Test
  void mistakesAreToldInOneSentence() throws IOException {
    assertRefused("Where are the dead letters?", "list");
    assertRefused("There is no file or folder", "list", folder.resolve("absent").toString());
    assertRefused("give one of them", "list", kept.toString(), "--topic=t");
    assertRefused("--topic needs --bootstrapServers", "list", "--topic=t");
    assertRefused("--limit was 0", "list", kept.toString(), "--each", "--limit=0");
    assertRefused("--since was yesterday", "list", kept.toString(), "--since=yesterday");
    assertRefused(
        "not after",
        "list",
        kept.toString(),
        "--since=2026-01-02T00:00:00Z",
        "--until=2026-01-01T00:00:00Z");
    assertRefused(
        "no .avro or .jsonl file", "list", Files.createDirectory(folder.resolve("e")) + "");
    assertRefused("allowed are .avro", "list", Files.writeString(folder.resolve("x.txt"), "") + "");
    assertRefused("No dead letter in", "show", "zz", kept.toString());
    assertRefused("replay needs --bootstrapServers", "replay", kept.toString());
    assertRefused("--watch needs --topic", "replay", kept.toString(), "--watch=3s");
    assertRefused("--watch was 3, which has no unit", "replay", kept.toString(), "--watch=3");
    assertRefused("Name one file or folder", "replay", "a", "b", "--bootstrapServers=x:1");
  }

  private void assertRefused(String message, String... args) {
    err.getBuffer().setLength(0);
    assertThat(execute(args)).isEqualTo(1);
    assertThat(err.toString()).contains(message).hasLineCount(1);
  }

  private int execute(String... args) {
    CommandLine command =
        DeadLettersCommand.create(
            (config, options, status) -> {
              throw new AssertionError("nothing is to be started: " + options);
            });
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          if (!(exception instanceof Refusal)) {
            throw exception;
          }
          failed.getErr().println(exception.getMessage());
          return 1;
        });
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(args);
  }
}
