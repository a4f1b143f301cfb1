package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.beamtemplates.testing.AccountingCheck.assertAccounting;
import static org.beamtemplates.testing.ExpectedLetter.letter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.PipelineResult;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.FileFormat;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.testing.DeadLetterCheck;
import org.beamtemplates.testing.GoldenRun;
import org.beamtemplates.testing.Records;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph, from files to files, on the runner of the module. */
@Conforms(subject = "realtime-analytics", capability = "golden results from files")
class RealtimeAnalyticsFilesTest {

  private static final RealtimeAnalytics TEMPLATE = new RealtimeAnalytics();

  @TempDir Path folder;

  @Test
  void givesTheGoldenResultsFromLinesOfJson() {
    RealtimeAnalyticsOptions options = options();
    options.setInput(Golden.inputIn(folder).toString());

    PipelineResult result = GoldenRun.runToTheEnd(TEMPLATE, options);

    Golden.hold(output());
    assertAccounting(result)
        .balances()
        .dropsNothing()
        .stage("ingest")
        .in(Golden.RECORDS)
        .dead(Golden.UNDECODABLE + Golden.INVALID)
        .stage("deduplicate")
        .duplicate(Golden.DUPLICATES)
        .stage("aggregate")
        .late(0);
  }

  @Test
  void buriesEachBrokenLineWithItsFileAndNumber() throws IOException {
    RealtimeAnalyticsOptions options = options();
    Path input = Golden.inputIn(folder);
    options.setInput(input.toString());

    GoldenRun.runToTheEnd(TEMPLATE, options);

    DeadLetterCheck.of(deadLetters())
        .has(Golden.UNDECODABLE, letter("DECODE"))
        .has(Golden.INVALID, letter("VALIDATE"))
        .noOthers();
    List<String> lines = Files.readAllLines(input);
    assertThat(deadLetters())
        .allSatisfy(
            letter -> {
              assertThat(letter.getSource()).isEqualTo(input.toString());
              String line = lines.get(Math.toIntExact(letter.getOffset()));
              assertThat(letter.getPayload().array()).asString().isEqualTo(line);
              assertThat(letter.getErrorMessage()).isNotBlank();
              assertThat(letter.getPipeline()).isEqualTo("realtime-analytics");
            })
        .extracting(DeadLetter::getId)
        .doesNotHaveDuplicates();
  }

  @Test
  void givesTheGoldenResultsFromAndToAvro() throws Exception {
    RealtimeAnalyticsOptions options = options();
    options.setInputFormat(FileFormat.AVRO);
    options.setInput(writeAvroInput().toString());
    options.setOutputFormat(FileFormat.AVRO);

    GoldenRun.runToTheEnd(TEMPLATE, options);

    Encoder<PageStatistics> encoder = Encoders.json(PageStatistics.class);
    encoder.open();
    List<String> json = new ArrayList<>();
    for (PageStatistics statistics : readAll(output(), PageStatistics.class)) {
      json.add(new String(encoder.encode(statistics), UTF_8));
    }
    Golden.hold(Files.write(folder.resolve("results.jsonl"), json));
    DeadLetterCheck.of(deadLetters()).has(Golden.INVALID, letter("VALIDATE")).noOthers();
  }

  /** All lines that are page events at all, in a container file. */
  private Path writeAvroInput() throws IOException, EncodeException {
    Path file = folder.resolve("input.avro");
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    decoder.open();
    try (DataFileWriter<PageEvent> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(PageEvent.class))) {
      writer.create(PageEvent.getClassSchema(), file.toFile());
      Records records = Records.ofFile("input");
      for (String line : Golden.inputLines(folder)) {
        try {
          writer.append(decoder.decode(records.raw(line)));
        } catch (DecodeException e) {
          assertThat(e).hasMessageMatching(".+");
        }
      }
    }
    return file;
  }

  private RealtimeAnalyticsOptions options() {
    RealtimeAnalyticsOptions options = GoldenRun.options(TEMPLATE);
    options.setOutput(output().toString());
    return options;
  }

  private List<DeadLetter> deadLetters() throws IOException {
    return readAll(output().resolve("dead-letters"), DeadLetter.class);
  }

  private Path output() {
    return folder.resolve("out");
  }

  private static <T extends SpecificRecord> List<T> readAll(Path folder, Class<T> type)
      throws IOException {
    List<T> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".avro")).toList()) {
        try (DataFileReader<T> reader =
            new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(type))) {
          reader.forEach(records::add);
        }
      }
    }
    return records;
  }
}
