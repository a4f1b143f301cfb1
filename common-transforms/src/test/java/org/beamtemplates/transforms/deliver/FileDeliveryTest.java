package org.beamtemplates.transforms.deliver;

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
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.TimestampedValue;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.CaughtDeadLetters;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDeliveryTest {

  private final CaughtDeadLetters dead = new CaughtDeadLetters();

  @TempDir private Path parent;

  @Test
  void writesBoundedInputToOneFileThatTheNextRunReplaces() throws IOException {
    writeLines("a", "b");
    assertThat(names()).containsExactly("results-00000-of-00001.jsonl");
    assertThat(lines()).containsExactly("a", "b");

    writeLines("c");
    assertThat(names()).containsExactly("results-00000-of-00001.jsonl");
    assertThat(lines()).containsExactly("c");

    writeLines();
    assertThat(lines()).isEmpty();
  }

  @Test
  void buriesALineThatCannotBeEncodedAndWritesTheOthers() throws IOException {
    PipelineResult result = writeLines("a", "!b", "!c", "d");

    assertThat(lines()).containsExactly("a", "d");
    dead.check()
        .has(
            2,
            letter("DELIVER")
                .message("not so loud")
                .where("not replayable", one -> !one.getReplayable()))
        .noOthers();
    assertThat(dead.letters()).extracting(DeadLetter::getId).doesNotHaveDuplicates();
    assertAccounting(result).stage("deliver").in(4).out(2).dead(2).nothingElse();
  }

  @Test
  void writesUnboundedInputPaneByPaneAndNoLineTwice() throws IOException {
    writeStream(jsonLines(), StringUtf8Coder.of(), "a", "b", "c");

    assertThat(names()).hasSize(2);
    assertThat(lines()).containsExactly("a", "b", "c");
  }

  @Test
  void keepsWhatAnEarlierLaunchHasWritten() throws IOException {
    writeStream(jsonLines(), StringUtf8Coder.of(), "a", "b", "c");
    List<String> before = names();

    writeStream(jsonLines(), StringUtf8Coder.of(), "d", "e", "f");

    assertThat(names()).hasSize(4).containsAll(before);
    assertThat(lines()).containsExactly("a", "b", "c", "d", "e", "f");
  }

  @Test
  void writesAvroContainers() throws IOException {
    TestPipeline pipeline = pipeline();
    pipeline
        .apply(Create.of(event("a"), event("b")).withCoder(AvroCoder.of(PageEvent.class)))
        .apply("Deliver", avroFiles());
    PipelineResult result = pipeline.run();

    assertThat(names()).containsExactly("results-00000-of-00001.avro");
    assertThat(events()).containsExactly("a", "b");
    assertAccounting(result).stage("deliver").out(2);
  }

  @Test
  void writesAvroContainersOfAStream() throws IOException {
    writeStream(avroFiles(), AvroCoder.of(PageEvent.class), event("a"), event("b"), event("c"));

    assertThat(names()).hasSize(2);
    assertThat(events()).containsExactly("a", "b", "c");
  }

  private PipelineResult writeLines(String... lines) {
    TestPipeline pipeline = pipeline();
    pipeline
        .apply(Create.of(List.of(lines)).withCoder(StringUtf8Coder.of()))
        .apply("Deliver", jsonLines());
    return pipeline.run();
  }

  /** The first two come together, the last one later, and all in windows that are long closed. */
  private <T> void writeStream(
      PTransform<PCollection<T>, PDone> delivery, Coder<T> coder, T first, T second, T third) {
    TestPipeline pipeline = pipeline();
    pipeline
        .apply(
            TestStream.create(coder)
                .advanceWatermarkTo(Instant.ofEpochSecond(3_600))
                .addElements(at(first), at(second))
                .advanceProcessingTime(Duration.standardSeconds(11))
                .addElements(at(third))
                .advanceProcessingTime(Duration.standardSeconds(11))
                .advanceProcessingTime(Duration.standardSeconds(11))
                .advanceWatermarkToInfinity())
        .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))))
        .apply("Deliver", delivery);
    pipeline.run();
  }

  private static <T> TimestampedValue<T> at(T value) {
    return TimestampedValue.of(value, Instant.ofEpochSecond(5));
  }

  private PTransform<PCollection<String>, PDone> jsonLines() {
    return new PTransform<PCollection<String>, PDone>() {
      private static final long serialVersionUID = 1L;

      @Override
      public PDone expand(PCollection<String> input) {
        try (DeadLetters deadLetters = DeadLetters.of("test", "1", dead)) {
          return input.apply(
              FileDelivery.jsonLines(folder(), new PickyEncoder()).withDeadLetters(deadLetters));
        }
      }
    };
  }

  private FileDelivery<PageEvent> avroFiles() {
    return FileDelivery.avro(folder(), PageEvent.class)
        .withDeadLetters(DeadLetters.of("test", "1", DeadLetterSinks.log()));
  }

  private static TestPipeline pipeline() {
    return TestPipeline.create().enableAbandonedNodeEnforcement(false);
  }

  private static PageEvent event(String id) {
    return PageEvent.newBuilder()
        .setEventId(id)
        .setUserId("u")
        .setPage("/")
        .setEventTimeMs(5_000)
        .build();
  }

  /** A folder that is not there yet. */
  private String folder() {
    return parent.resolve("made/by/the/delivery").toString();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folder()))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private List<String> names() throws IOException {
    return files().stream().map(file -> file.getFileName().toString()).toList();
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files()) {
      lines.addAll(Files.readAllLines(file));
    }
    return lines.stream().sorted().toList();
  }

  private List<String> events() throws IOException {
    List<String> ids = new ArrayList<>();
    for (Path file : files()) {
      try (DataFileReader<PageEvent> reader =
          new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(PageEvent.class))) {
        reader.forEach(event -> ids.add(event.getEventId()));
      }
    }
    return ids.stream().sorted().toList();
  }
}
