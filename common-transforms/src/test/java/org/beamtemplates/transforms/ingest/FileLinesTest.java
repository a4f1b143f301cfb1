package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.beamtemplates.transforms.ingest.IngestedFiles.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.transforms.codec.Decoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A record a line: line ends, compression, damage, times and rules. */
@ExtendWith(TestPipelineExtension.class)
class FileLinesTest {

  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  @TempDir private Path folder;

  @Test
  void readsLinesHoweverTheyEnd(TestPipeline pipeline) throws IOException {
    Path file = write("a.jsonl", "a@1000\r\n\n  \t\r\nb@2000\n\r\n\nc@3000");

    IngestedFiles read = readLines(pipeline, file.toString());

    assertThat(read.values()).containsExactlyInAnyOrder("a #0", "b #1", "c #2");
    assertThat(read.dead()).isEmpty();
    assertThat(read.sources()).containsExactly(file.toString());
    assertThat(read.accounting().in()).isEqualTo(3);
  }

  @Test
  void readsCompressedLinesAndFilesWithNothingInThem(TestPipeline pipeline) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.jsonl.gz")))) {
      out.write("zipped@1000\nbroken\n".getBytes(UTF_8));
    }
    write("a.jsonl", "");
    write("c.jsonl", "\n\r\n");
    write("d.jsonl", "plain@1000");

    IngestedFiles read = readLines(pipeline, folder + "/*.jsonl*");

    assertThat(read.values()).containsExactlyInAnyOrder("zipped #0", "plain #0");
    assertThat(read.dead()).containsExactly("DECODE #1 broken: not text@millis");
  }

  @Test
  void keepsTheLinesBeforeTheDamageOfACompressedFile(TestPipeline pipeline) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    List<String> lines = new ArrayList<>();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      for (int i = 0; i < 50_000; i++) {
        lines.add("v" + new Random(i).nextLong());
        out.write((lines.get(i) + "@1000\n").getBytes(UTF_8));
      }
    }
    Files.write(
        folder.resolve("a.jsonl.gz"), Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
    write("b.jsonl", "other@1000\n");

    IngestedFiles read = readLines(pipeline, folder + "/*");

    assertThat(read.values()).contains("other #0", lines.get(0) + " #0").hasSizeGreaterThan(10_000);
    assertThat(read.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getErrorMessage()).startsWith("the compressed file is damaged");
              assertThat(letter.getReplayable()).isFalse();
              assertThat(letter.getOffset()).isEqualTo(read.values().size() - 1);
            });
    assertThat(read.accounting().balances()).isTrue();
  }

  @Test
  void buriesALineThatIsTooLongAndReadsOn(TestPipeline pipeline) throws IOException {
    Path file = write("a.jsonl", "a@1000\n" + "x".repeat(30) + "@1000\nexactly-13@10\r\nb@1000\n");

    IngestedFiles read =
        read(
            pipeline,
            FileIngestion.lines(
                file.toString(), new TimedTextDecoder(), FileLinesTest::timeOf, 13));

    assertThat(read.values()).containsExactlyInAnyOrder("a #0", "exactly-13 #2", "b #3");
    assertThat(read.dead())
        .containsExactly("DECODE #1 xxxxxxxxxxxxx: the line is longer than 13 bytes");
    assertThat(read.letters().get(0).getReplayable()).isFalse();
  }

  @Test
  void believesNoTimeOutOfTheSaneRange(TestPipeline pipeline) throws IOException {
    Path file = write("a.jsonl", json("a", 0) + json("b", NOON) + json("c", 4_102_444_800_000L));

    IngestedFiles read =
        read(
            pipeline,
            FileIngestion.lines(
                file.toString(), Decoders.json(PageEvent.class), PageEvent::getEventTimeMs));

    assertThat(read.values()).containsExactly("b #1");
    assertThat(read.timestamps()).containsExactly(NOON);
    assertThat(read.letters())
        .hasSize(2)
        .allSatisfy(
            letter -> {
              assertThat(letter.getCategory()).isEqualTo("VALIDATE");
              assertThat(letter.getContentType()).isEqualTo("application/json");
              assertThat(letter.getReplayable()).isTrue();
              assertThat(letter.getSourceType()).isEqualTo("FILE");
              assertThat(letter.getPartition()).isNull();
            })
        .extracting(DeadLetter::getEventTimeMs)
        .containsExactlyInAnyOrder(0L, 4_102_444_800_000L);
  }

  @Test
  void buriesWhatTheValidatorComplainsAbout(TestPipeline pipeline) throws IOException {
    Path file = write("a.jsonl", "a@1000\nbad@1000\nworse@1000\n");

    IngestedFiles read =
        read(
            pipeline,
            FileIngestion.lines(file.toString(), new TimedTextDecoder(), FileLinesTest::timeOf)
                .withValidator(FileLinesTest::complaint));

    assertThat(read.values()).containsExactly("a #0");
    assertThat(read.dead())
        .containsExactlyInAnyOrder("VALIDATE #1 bad@1000: is bad", "VALIDATE #2 worse@1000: oops");
  }

  @Test
  void saysWhichPatternMatchesNoFile(TestPipeline pipeline) {
    assertThatThrownBy(() -> readLines(pipeline, folder + "/nothing-*.jsonl"))
        .hasMessageContaining(folder + "/nothing-*.jsonl");
  }

  @Test
  void needsAPlaceForWhatItCannotRead(TestPipeline pipeline) {
    pipeline.enableAbandonedNodeEnforcement(false);

    assertThatThrownBy(
            () ->
                pipeline.apply(
                    FileIngestion.avro("x.avro", PageEvent.class, PageEvent::getEventTimeMs)))
        .hasMessageContaining("withDeadLetters");
  }

  private static long timeOf(String text) {
    return NOON;
  }

  private static Optional<String> complaint(String text) {
    if (text.startsWith("worse")) {
      throw new IllegalStateException("oops");
    }
    return text.startsWith("bad") ? Optional.of("is bad") : Optional.empty();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String json(String id, long time) {
    return "{\"eventId\":\"%s\",\"userId\":\"u\",\"page\":\"/\",\"eventTimeMs\":%d}%n"
        .formatted(id, time);
  }

  private IngestedFiles readLines(TestPipeline pipeline, String files) {
    return read(
        pipeline, FileIngestion.lines(files, new TimedTextDecoder(), FileLinesTest::timeOf));
  }
}
