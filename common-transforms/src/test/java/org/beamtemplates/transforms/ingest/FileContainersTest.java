package org.beamtemplates.transforms.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.beam.sdk.testing.TestPipeline;
import org.beamtemplates.schemas.PageEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Avro container files: codecs, schemas, and damage of every kind. */
class FileContainersTest {

  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"null", "deflate", "snappy", "bzip2"})
  void readsContainersOfEveryCodec(String codec) throws IOException {
    Path file = container("a.avro", codec, 0, 250);

    IngestedFiles read = readAvro(file);

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

    IngestedFiles read = readAvro(file);

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

    IngestedFiles read = readAvro(file);

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

    IngestedFiles read = readAvro(file);

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
    IngestedFiles read = readAvro(container("empty.avro", "null", 0, 0));

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

    IngestedFiles read = readAvro(file);

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

      IngestedFiles read = readAvro(copy);

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

    IngestedFiles read = readAvro(file);

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

    IngestedFiles read = readAvro(file);

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

    IngestedFiles read = readAvro(folder.resolve("flipped-*.avro"));

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

    IngestedFiles read = readAvro(file);

    List<String> expected = new ArrayList<>(events(0, 50));
    expected.addAll(events(100, 150));
    assertThat(read.values()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(read.dead()).singleElement().asString().contains("#50", "with 49 more of its block");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static void truncate(Path file, long length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) length));
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

  private static IngestedFiles readAvro(Path files) {
    return IngestedFiles.read(
        TestPipeline.create().enableAbandonedNodeEnforcement(false),
        FileIngestion.avro(files.toString(), PageEvent.class, PageEvent::getEventTimeMs));
  }
}
