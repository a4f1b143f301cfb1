package org.beamtemplates.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.beam.sdk.values.POutput;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.testing.Gathered;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.deadletter.DeadLetterSink;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.observe.Accounting;
import org.beamtemplates.transforms.record.Ingested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestPipelineExtension.class)
class FileIngestionTest {

  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  @TempDir private Path folder;

  // Lines.

  @Test
  void readsLinesHoweverTheyEnd(TestPipeline pipeline) throws IOException {
    Path file = write("a.jsonl", "a@1000\r\n\n  \t\r\nb@2000\n\r\n\nc@3000");

    Read read = readLines(pipeline, file.toString());

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

    Read read = readLines(pipeline, folder + "/*.jsonl*");

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

    Read read = readLines(pipeline, folder + "/*");

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

    Read read =
        read(
            pipeline,
            FileIngestion.lines(
                file.toString(), new TimedTextDecoder(), FileIngestionTest::timeOf, 13));

    assertThat(read.values()).containsExactlyInAnyOrder("a #0", "exactly-13 #2", "b #3");
    assertThat(read.dead())
        .containsExactly("DECODE #1 xxxxxxxxxxxxx: the line is longer than 13 bytes");
    assertThat(read.letters().get(0).getReplayable()).isFalse();
  }

  @Test
  void believesNoTimeOutOfTheSaneRange(TestPipeline pipeline) throws IOException {
    Path file = write("a.jsonl", json("a", 0) + json("b", NOON) + json("c", 4_102_444_800_000L));

    Read read =
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

    Read read =
        read(
            pipeline,
            FileIngestion.lines(file.toString(), new TimedTextDecoder(), FileIngestionTest::timeOf)
                .withValidator(FileIngestionTest::complaint));

    assertThat(read.values()).containsExactly("a #0");
    assertThat(read.dead())
        .containsExactlyInAnyOrder(
            "VALIDATE #1 bad@1000: is bad",
            "VALIDATE #2 worse@1000: the validator failed: java.lang.IllegalStateException: oops");
  }

  @Test
  void saysWhichPatternMatchesNoFile(TestPipeline pipeline) {
    assertThatThrownBy(() -> readLines(pipeline, folder + "/nothing-*.jsonl"))
        .hasMessageContaining(folder + "/nothing-*.jsonl");
  }

  // Avro containers.

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy", "bzip2"})
  void readsContainersOfEveryCodec(String codec) throws IOException {
    Path file = container("a.avro", codec, 0, 250);

    Read read = readAvro(file);

    assertThat(read.values()).containsExactlyInAnyOrderElementsOf(events(0, 250));
    assertThat(read.dead()).isEmpty();
  }

  @Test
  void readsWhatAnOlderVersionOfTheSchemaHasWritten() throws IOException {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "PageEvent", "namespace": "org.beamtemplates.schemas",
                 "fields": [
                   {"name": "gone", "type": "string"},
                   {"name": "eventTimeMs", "type": "long"},
                   {"name": "page", "type": "string"},
                   {"name": "userId", "type": "string"},
                   {"name": "eventId", "type": "string"}]}
                """);
    Path file = folder.resolve("older.avro");
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
      writer.create(older, file.toFile());
      writer.append(
          new GenericRecordBuilder(older)
              .set("gone", "x")
              .set("eventTimeMs", NOON)
              .set("page", "/")
              .set("userId", "u")
              .set("eventId", "e")
              .build());
    }

    Read read = readAvro(file);

    assertThat(read.values()).containsExactly("e #0");
    assertThat(read.timestamps()).containsExactly(NOON);
  }

  @Test
  void buriesWhatAnotherSchemaHasWrittenAndSaysWhy() throws IOException {
    Schema other =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"Invoice\",\"fields\":"
                    + "[{\"name\":\"total\",\"type\":\"long\"}]}");
    Path file = folder.resolve("other.avro");
    try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
      writer.create(other, file.toFile());
      for (long i = 0; i < 3; i++) {
        writer.append(new GenericRecordBuilder(other).set("total", i).build());
      }
    }

    Read read = readAvro(file);

    assertThat(read.values()).isEmpty();
    assertThat(read.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getErrorMessage())
                  .startsWith("cannot be decoded, with 2 more of its block: ")
                  .contains("Invoice", "cannot be read as PageEvent");
              // The three records, zigzag: they can be replayed by who knows the schema.
              assertThat(letter.getPayload().duplicate().array()).containsExactly(0, 2, 4);
            });
    assertThat(read.accounting().balances()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Obj", "{\"a\": 1}\n", "Obj\u0001 and no header at all"})
  void buriesAFileThatIsNoContainer(String content) throws IOException {
    Path file = write("not.avro", content);

    Read read = readAvro(file);

    assertThat(read.values()).isEmpty();
    assertThat(read.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getErrorMessage()).startsWith("not an Avro container file");
              assertThat(letter.getSource()).isEqualTo(file.toString());
              assertThat(letter.getReplayable()).isFalse();
            });
  }

  @Test
  void readsAContainerWithoutRecords() throws IOException {
    Read read = readAvro(container("empty.avro", "null", 0, 0));

    assertThat(read.values()).isEmpty();
    assertThat(read.dead()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy"})
  void keepsTheBlocksBeforeTheEndOfATruncatedFile(String codec) throws IOException {
    Path file = container("a.avro", codec, 0, 250);
    List<Long> starts = blockStarts(file);
    // In the middle of the fourth block of five.
    truncate(file, (starts.get(3) + starts.get(4)) / 2);

    Read read = readAvro(file);

    assertThat(read.values()).containsExactlyInAnyOrderElementsOf(events(0, 150));
    assertThat(read.letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getErrorMessage()).startsWith("a block of the file is damaged");
              assertThat(letter.getOffset()).isEqualTo(150);
              assertThat(letter.getReplayable()).isFalse();
            });
  }

  @Test
  void noticesATruncationWhereverItIs() throws IOException {
    Path file = container("a.avro", "deflate", 0, 100);
    List<Long> starts = blockStarts(file);
    long end = Files.size(file);
    for (long cut :
        new long[] {starts.get(1) + 1, starts.get(1) + 2, starts.get(1) + 3, end - 17, end - 1}) {
      Path copy = Files.copy(file, folder.resolve("cut-at-" + cut + ".avro"));
      truncate(copy, cut);

      Read read = readAvro(copy);

      assertThat(read.values())
          .describedAs("cut at %d", cut)
          .containsExactlyInAnyOrderElementsOf(events(0, 50));
      assertThat(read.letters()).describedAs("cut at %d", cut).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource
  void goesOnBehindADamagedBlock(String codec, int fromBlockStart, int value) throws IOException {
    Path file = container("a.avro", codec, 0, 250);
    long block = blockStarts(file).get(2);
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) block + fromBlockStart] = (byte) value;
    Files.write(file, bytes);

    Read read = readAvro(file);

    List<String> expected = new ArrayList<>(events(0, 100));
    expected.addAll(events(150, 250));
    assertThat(names(read.values())).containsAll(names(expected));
    assertThat(read.letters()).isNotEmpty();
    assertThat(read.accounting().balances()).isTrue();
  }

  static Stream<Object[]> goesOnBehindADamagedBlock() {
    return Stream.of(
        // How many records: none, two fewer, a negative number.
        new Object[] {"null", 0, 0},
        new Object[] {"null", 0, 96},
        new Object[] {"null", 0, 99},
        // How many bytes: as many as reach into a later block, fewer, far too many.
        new Object[] {"null", 2, 0x3f},
        new Object[] {"null", 1, 2},
        new Object[] {"null", 2, 0x7f},
        // The body: lengths of texts that go on and on.
        new Object[] {"null", 3, 0xff},
        new Object[] {"deflate", 40, 0x55},
        new Object[] {"snappy", 40, 0x55});
  }

  @Test
  void losesTheNextBlockWithAMarkerButNoOther() throws IOException {
    Path file = container("a.avro", "deflate", 0, 250);
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (blockStarts(file).get(2) - 1)] ^= 0x10;
    Files.write(file, bytes);

    Read read = readAvro(file);

    assertThat(names(read.values()))
        .containsAll(names(events(0, 50)))
        .containsAll(names(events(150, 250)));
    assertThat(read.letters()).hasSize(1);
  }

  @Test
  void endsWhateverBytesAreFlipped() throws IOException {
    Path file = container("a.avro", "deflate", 0, 250);
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(20260301);
    for (int round = 0; round < 40; round++) {
      byte[] bytes = good.clone();
      for (int flip = 0; flip < 1 + round / 10; flip++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(folder.resolve("flipped-" + round + ".avro"), bytes);
    }

    Read read = readAvro(folder.resolve("flipped-*.avro"));

    assertThat(read.letters()).hasSizeGreaterThan(30);
    // Most files lose one or two blocks of five.
    assertThat(read.values()).hasSizeGreaterThan(40 * 100);
    assertThat(read.accounting().balances()).isTrue();
  }

  @Test
  void numbersRecordsAsTheyStandInTheFileThoughSomeCannotBeDecoded() throws IOException {
    Path file = container("a.avro", "null", 0, 150);
    byte[] bytes = Files.readAllBytes(file);
    long block = blockStarts(file).get(1);
    // The length of the first text of the second block.
    bytes[(int) block + 3] = 0x7f;
    bytes[(int) block + 4] = 0x7f;
    Files.write(file, bytes);

    Read read = readAvro(file);

    List<String> expected = new ArrayList<>(events(0, 50));
    expected.addAll(events(100, 150));
    assertThat(read.values()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(read.dead()).singleElement().asString().contains("#50", "with 49 more of its block");
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

  private static void truncate(Path file, long length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) length));
  }

  private static String json(String id, long time) {
    return "{\"eventId\":\"%s\",\"userId\":\"u\",\"page\":\"/\",\"eventTimeMs\":%d}%n"
        .formatted(id, time);
  }

  /** Writes events with the ids {@code e<first>} and so on, 50 to a block. */
  private Path container(String name, String codec, int first, int end) throws IOException {
    Path file = folder.resolve(name);
    try (DataFileWriter<PageEvent> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(PageEvent.class))) {
      writer.setCodec(CodecFactory.fromString(codec));
      writer.create(PageEvent.getClassSchema(), file.toFile());
      for (int i = first; i < end; i++) {
        writer.append(
            PageEvent.newBuilder()
                .setEventId("e" + i)
                .setUserId("user-" + new Random(i).nextInt(1_000_000))
                .setPage("/page/" + new Random(i).nextInt(1_000_000))
                .setEventTimeMs(NOON + i)
                .build());
        if (i % 50 == 49) {
          writer.sync();
        }
      }
    }
    return file;
  }

  private static List<Long> blockStarts(Path file) throws IOException {
    TreeSet<Long> starts = new TreeSet<>();
    try (DataFileReader<PageEvent> reader =
        new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(PageEvent.class))) {
      while (reader.hasNext()) {
        starts.add(reader.previousSync());
        reader.nextBlock();
      }
    }
    return List.copyOf(starts);
  }

  private static List<String> events(int first, int end) {
    List<String> events = new ArrayList<>();
    for (int i = first; i < end; i++) {
      events.add("e" + i + " #" + i);
    }
    return events;
  }

  private static List<String> names(List<String> events) {
    return events.stream().map(event -> event.substring(0, event.indexOf(' '))).toList();
  }

  private Read readLines(TestPipeline pipeline, String files) {
    return read(
        pipeline, FileIngestion.lines(files, new TimedTextDecoder(), FileIngestionTest::timeOf));
  }

  private static Read readAvro(Path files) {
    return read(
        TestPipeline.create().enableAbandonedNodeEnforcement(false),
        FileIngestion.avro(files.toString(), PageEvent.class, PageEvent::getEventTimeMs));
  }

  private static <T> Read read(TestPipeline pipeline, FileIngestion<T> ingestion) {
    List<Gathered<DeadLetter>> dead = new ArrayList<>();
    DeadLetterSink sink = letters -> gather(dead, letters);
    Gathered<Seen> seen;
    try (DeadLetters deadLetters = DeadLetters.of("test", "1", sink)) {
      seen =
          Gathered.of(
              pipeline
                  .apply("Ingest", ingestion.withDeadLetters(deadLetters))
                  .apply("See", ParDo.of(new SeeFn<T>()))
                  .setCoder(org.apache.beam.sdk.coders.SerializableCoder.of(Seen.class)));
    }
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return new Read(
        seen.elements(),
        dead.get(0).elements(),
        Accounting.of(result.metrics()).stage(DecodeStep.DEFAULT_STAGE));
  }

  private static POutput gather(
      List<Gathered<DeadLetter>> gathered, PCollection<DeadLetter> letters) {
    gathered.add(Gathered.of(letters));
    return PDone.in(letters.getPipeline());
  }

  /** A value as it came out: its text, its coordinates, its event time. */
  private record Seen(String text, String source, long number, long timestamp)
      implements java.io.Serializable {}

  private record Read(List<Seen> seen, List<DeadLetter> letters, Accounting.Stage accounting) {

    List<String> values() {
      return seen.stream().map(value -> value.text() + " #" + value.number()).toList();
    }

    List<Long> timestamps() {
      return seen.stream().map(Seen::timestamp).toList();
    }

    List<String> sources() {
      return seen.stream().map(Seen::source).distinct().toList();
    }

    List<String> dead() {
      return letters.stream()
          .map(
              letter ->
                  letter.getCategory()
                      + " #"
                      + letter.getOffset()
                      + " "
                      + (letter.getPayload() == null
                          ? null
                          : UTF_8.decode(letter.getPayload().duplicate()))
                      + ": "
                      + letter.getErrorMessage())
          .toList();
    }
  }

  private static final class SeeFn<T> extends DoFn<Ingested<T>, Seen> {

    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element Ingested<T> element,
        @Timestamp org.joda.time.Instant timestamp,
        OutputReceiver<Seen> output) {
      String text =
          element.value() instanceof PageEvent event
              ? event.getEventId()
              : String.valueOf(element.value()).replaceAll("@.*", "");
      output.output(
          new Seen(
              text, element.origin().source(), element.origin().offset(), timestamp.getMillis()));
    }
  }
}
