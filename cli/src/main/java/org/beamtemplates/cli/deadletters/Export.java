package org.beamtemplates.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.beamtemplates.schemas.DeadLetter;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes dead letters to a new file, in the format that its name tells. */
abstract class Export implements Closeable {

  private static final String CSV = ".csv";

  /**
   * Makes the file.
   *
   * @throws Refusal if it exists, cannot be made, or its name tells no format
   */
  static Export to(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean lines = name.endsWith(FileSource.JSON_LINES);
    boolean container = name.endsWith(FileSource.AVRO);
    if (!lines && !container && !name.endsWith(CSV)) {
      throw new Refusal(
          "--to=%s tells no format; allowed are names that end in %s, %s or %s"
              .formatted(file, FileSource.JSON_LINES, FileSource.AVRO, CSV));
    }
    if (Files.exists(file)) {
      throw new Refusal("--to=" + file + " exists: name a new file");
    }
    try {
      OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
      if (container) {
        return new Container(out);
      }
      return lines ? new Lines(out) : new Csv(out);
    } catch (IOException e) {
      throw new Refusal("--to=" + file + " cannot be written (" + e + ")");
    }
  }

  /** Appends a letter. */
  abstract void add(DeadLetter letter) throws IOException;

  private static final class Lines extends Export {

    private final LetterJson json = new LetterJson();
    private final Writer out;

    Lines(OutputStream out) {
      this.out = writer(out);
    }

    @Override
    void add(DeadLetter letter) throws IOException {
      out.write(json.line(letter) + "\n");
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static final class Container extends Export {

    private final DataFileWriter<DeadLetter> out =
        new DataFileWriter<>(new SpecificDatumWriter<>(DeadLetter.class));

    Container(OutputStream file) throws IOException {
      out.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
      out.create(DeadLetter.getClassSchema(), file);
    }

    @Override
    void add(DeadLetter letter) throws IOException {
      out.append(letter);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /** For spreadsheets: what can be read as text, without payload, key and headers. */
  private static final class Csv extends Export {

    private static final List<String> HEAD =
        List.of(
            "id",
            "category",
            "pipeline",
            "stage",
            "errorClass",
            "errorMessage",
            "sourceType",
            "source",
            "partition",
            "offset",
            "eventTime",
            "firstFailure",
            "lastFailure",
            "attempts",
            "previousId",
            "replayable",
            "contentType",
            "payloadSize");

    private final Writer out;

    Csv(OutputStream file) throws IOException {
      out = writer(file);
      out.write(String.join(",", HEAD) + "\r\n");
    }

    @Override
    void add(DeadLetter letter) throws IOException {
      out.write(
          Stream.of(
                      text(letter.getId()),
                      text(letter.getCategory()),
                      text(letter.getPipeline()),
                      text(letter.getStage()),
                      text(letter.getErrorClass()),
                      text(Texts.reason(letter)),
                      text(letter.getSourceType()),
                      text(letter.getSource()),
                      value(letter.getPartition()),
                      value(letter.getOffset()),
                      letter.getEventTimeMs() == null ? "" : Texts.time(letter.getEventTimeMs()),
                      Texts.time(letter.getFirstFailureMs()),
                      Texts.time(letter.getLastFailureMs()),
                      value(letter.getAttempts()),
                      text(letter.getPreviousId()),
                      value(letter.getReplayable() && letter.getRedacted().isEmpty()),
                      text(letter.getContentType()),
                      value(letter.getPayloadSize()))
                  .collect(Collectors.joining(","))
              + "\r\n");
    }

    @Override
    public void close() throws IOException {
      out.close();
    }

    private static String value(@Nullable Object value) {
      return value == null ? "" : value.toString();
    }

    /** Quoted, in one line; a spreadsheet must not take the text of a stranger for a formula. */
    private static String text(@Nullable String value) {
      if (value == null) {
        return "";
      }
      String line = Texts.line(value);
      String harmless = line.matches("[=+\\-@].*") ? "'" + line : line;
      return "\"" + harmless.replace("\"", "\"\"") + "\"";
    }
  }

  private static Writer writer(OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, UTF_8));
  }
}
