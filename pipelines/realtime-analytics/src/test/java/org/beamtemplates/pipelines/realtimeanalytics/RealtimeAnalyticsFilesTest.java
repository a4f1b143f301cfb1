package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.TestPipeline;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.FileFormat;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.testing.DroppedElements;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole graph, from files to files, on the runner of the module. */
class RealtimeAnalyticsFilesTest {

  @TempDir Path folder;

  @Test
  void givesTheGoldenResultsFromLinesOfJson() throws IOException {
    RealtimeAnalyticsOptions options = options();
    options.setInput(Golden.inputIn(folder).toString());

    PipelineResult result = run(options);

    assertThat(Golden.compare(output(), folder).report()).startsWith("equal: 34 ");
    Accounting accounting = Accounting.of(result.metrics());
    assertThat(accounting.stage("ingest").in()).isEqualTo(Golden.RECORDS);
    assertThat(accounting.stage("ingest").dead()).isEqualTo(Golden.UNDECODABLE + Golden.INVALID);
    assertThat(accounting.stage("deduplicate").duplicate()).isEqualTo(Golden.DUPLICATES);
    assertThat(accounting.stage("aggregate").late()).isZero();
    assertThat(accounting.balances()).isTrue();
    assertThat(DroppedElements.of(result)).isZero();
  }

  @Test
  void buriesEachBrokenLineWithItsFileAndNumber() throws IOException {
    RealtimeAnalyticsOptions options = options();
    Path input = Golden.inputIn(folder);
    options.setInput(input.toString());

    run(options);

    List<DeadLetter> letters = readAll(output().resolve("dead-letters"), DeadLetter.class);
    Map<String, Long> categories =
        letters.stream().collect(groupingBy(DeadLetter::getCategory, counting()));
    assertThat(categories)
        .isEqualTo(Map.of("DECODE", (long) Golden.UNDECODABLE, "VALIDATE", (long) Golden.INVALID));
    List<String> lines = Files.readAllLines(input);
    assertThat(letters)
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

    run(options);

    Path lines = Files.createDirectory(folder.resolve("lines"));
    Encoder<PageStatistics> encoder = Encoders.json(PageStatistics.class);
    encoder.open();
    List<String> json = new ArrayList<>();
    for (PageStatistics statistics : readAll(output(), PageStatistics.class)) {
      json.add(new String(encoder.encode(statistics), UTF_8));
    }
    Files.write(lines.resolve("results.jsonl"), json);
    assertThat(Golden.compare(lines, folder).report()).startsWith("equal: 34 ");
    assertThat(readAll(output().resolve("dead-letters"), DeadLetter.class))
        .hasSize(Golden.INVALID)
        .allSatisfy(letter -> assertThat(letter.getCategory()).isEqualTo("VALIDATE"));
  }

  /** All lines that are page events at all, in a container file. */
  private Path writeAvroInput() throws IOException, EncodeException {
    Path file = folder.resolve("input.avro");
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    decoder.open();
    try (DataFileWriter<PageEvent> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(PageEvent.class))) {
      writer.create(PageEvent.getClassSchema(), file.toFile());
      long number = 0;
      for (String line : Golden.inputLines(folder)) {
        try {
          byte[] bytes = line.getBytes(UTF_8);
          writer.append(decoder.decode(RawRecord.of(Origin.file("input", number++), bytes)));
        } catch (DecodeException e) {
          assertThat(e).hasMessageMatching(".+");
        }
      }
    }
    return file;
  }

  private RealtimeAnalyticsOptions options() {
    RealtimeAnalyticsOptions options =
        TestPipeline.testingPipelineOptions().as(RealtimeAnalyticsOptions.class);
    options.setOutput(output().toString());
    return options;
  }

  private Path output() {
    return folder.resolve("out");
  }

  private static PipelineResult run(RealtimeAnalyticsOptions options) {
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    return result;
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
