package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestPipelineExtension;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every sink, with a real broker and real files. */
@ExtendWith({KafkaExtension.class, TestPipelineExtension.class})
class DeadLetterSinksTest {

  private static final int SMALL = 10_000;

  private final LocalKafka kafka;
  private final String topic = "dead-" + UUID.randomUUID();

  @TempDir private Path folder;

  DeadLetterSinksTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void createTopic() {
    // No room for more than the sink has been told.
    kafka.createTopic(topic, 1, Map.of("max.message.bytes", "1048588"));
  }

  @Test
  void writesAnEnvelopeToKafkaThatReadsBackAsItWas(TestPipeline pipeline) throws IOException {
    DeadLetter letter = letter(1, bytes(100), "key".getBytes(UTF_8), 1);

    write(pipeline, sink(), letter);

    ConsumerRecord<byte[], byte[]> written = onlyRecord();
    assertThat(new String(written.key(), UTF_8)).isEqualTo(letter.getId());
    assertThat(DeadLetterCodec.decode(written.value())).isEqualTo(letter);
    Map<String, String> headers = new TreeMap<>();
    for (Header header : written.headers()) {
      headers.put(header.key(), new String(header.value(), UTF_8));
    }
    assertThat(headers)
        .isEqualTo(
            Map.ofEntries(
                entry("id", letter.getId()),
                entry("category", "DECODE"),
                entry("pipeline", "shop"),
                entry("stage", "decode"),
                entry("source", "orders"),
                entry("partition", "3"),
                entry("offset", "1"),
                entry("__connect.errors.topic", "orders"),
                entry("__connect.errors.partition", "3"),
                entry("__connect.errors.offset", "1"),
                entry("__connect.errors.connector.name", "shop"),
                entry("__connect.errors.stage", "decode"),
                entry("__connect.errors.exception.class.name", "java.lang.Exception"),
                entry("__connect.errors.exception.message", "no")));
  }

  @Test
  void leavesOutHeadersThatARecordWithoutASourceDoesNotHave(TestPipeline pipeline) {
    write(
        pipeline,
        sink(),
        stage().ofValue(Categories.DELIVER, "k", bytes(1), "x/y", 5L, new Exception("no")));

    assertThat(onlyRecord().headers())
        .extracting(Header::key)
        .containsExactly(
            "id",
            "category",
            "pipeline",
            "stage",
            "__connect.errors.connector.name",
            "__connect.errors.stage",
            "__connect.errors.exception.class.name",
            "__connect.errors.exception.message");
  }

  @Test
  void leavesOutTheHeadersOfKafkaConnectIfTheyAreNotWanted(TestPipeline pipeline) {
    write(pipeline, sink().withoutConnectHeaders(), letter(1, bytes(10), null, 0));

    assertThat(onlyRecord().headers())
        .extracting(Header::key)
        .contains("id", "offset")
        .noneMatch(name -> name.startsWith("__connect"));
  }

  @Test
  void waitsForABrokerThatIsAway() throws Exception {
    try (LocalKafka own = LocalKafka.start()) {
      own.createTopic(topic, 1, Map.of());
      own.gate().cut();
      TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
      DeadLetter letter = letter(1, bytes(10), null, 0);
      CompletableFuture<Void> job =
          CompletableFuture.runAsync(
              () ->
                  write(
                      pipeline, DeadLetterSinks.kafka(own.gatedBootstrapServers(), topic), letter));
      await().during(java.time.Duration.ofSeconds(2)).until(() -> !job.isDone());

      own.gate().restore();

      job.get();
      assertThat(own.readAll(topic))
          .singleElement()
          .satisfies(
              written -> assertThat(DeadLetterCodec.decode(written.value())).isEqualTo(letter));
    }
  }

  @Test
  void writesWithoutPayloadWhatTheTopicTakesNoMoreOf(TestPipeline pipeline) throws IOException {
    String narrow = topic + "-narrow";
    kafka.createTopic(narrow, 1, Map.of("max.message.bytes", "20000"));
    DeadLetter large = letter(1, bytes(100_000), null, 0);
    DeadLetter small = letter(2, bytes(100), null, 0);

    write(pipeline, DeadLetterSinks.kafka(kafka.bootstrapServers(), narrow), large, small);

    Map<String, DeadLetter> written = byId(narrow);
    assertThat(written.get(large.getId()).getPayload()).isNull();
    assertThat(written.get(large.getId()).getPayloadSize()).isEqualTo(100_000);
    assertThat(written.get(large.getId()).getReplayable()).isFalse();
    assertThat(written.get(small.getId())).isEqualTo(small);
  }

  @Test
  void putsIntoTheLogWhatTheTopicDoesNotTakeInAnySizeAndGoesOn(TestPipeline pipeline) {
    String closed = topic + "-closed";
    kafka.createTopic(closed, 1, Map.of("max.message.bytes", "200"));
    DeadLetter letter = letter(1, bytes(100), null, 0);

    List<String> lines =
        linesOf(
            () -> write(pipeline, DeadLetterSinks.kafka(kafka.bootstrapServers(), closed), letter));

    assertThat(lines)
        .singleElement(STRING)
        .startsWith("ERROR Topic " + closed + " does not take dead letter")
        .contains(letter.getId(), "RecordTooLarge");
  }

  @Test
  void movesAPayloadThatDoesNotFitIntoAFileWithTheSameBytes(TestPipeline pipeline)
      throws IOException {
    byte[] payload = bytes(5_000_000);
    DeadLetter large = letter(1, payload, null, 0);
    DeadLetter small = letter(2, bytes(500), null, 0);

    write(pipeline, sink().withOverflowTo(folder.resolve("over/flow").toString()), large, small);

    DeadLetter envelope = byId().get(large.getId());
    assertThat(envelope.getPayload()).isNull();
    assertThat(envelope.getPayloadSize()).isEqualTo(5_000_000);
    assertThat(envelope.getReplayable()).isTrue();
    assertThat(Path.of(envelope.getPayloadReference())).hasBinaryContent(payload);
    assertThat(byId().get(small.getId())).isEqualTo(small);
    assertThat(files(folder.resolve("over/flow"))).containsExactly(large.getId() + ".bin");
  }

  @Test
  void writesTheSameFileAgainWhenABundleIsRepeated(TestPipeline pipeline) throws IOException {
    byte[] payload = bytes(50_000);
    DeadLetter large = letter(1, payload, null, 0);
    KafkaDeadLetterSink sink = sink().withMaxBytes(SMALL).withOverflowTo(folder.toString());

    write(pipeline, sink, large, large);

    assertThat(kafka.readAll(topic)).hasSize(2);
    assertThat(files(folder)).containsExactly(large.getId() + ".bin");
    assertThat(folder.resolve(large.getId() + ".bin")).hasBinaryContent(payload);
  }

  @Test
  void saysThatAPayloadIsLostIfThereIsNoPlaceForIt(TestPipeline pipeline) throws IOException {
    DeadLetter large = letter(1, bytes(5_000_000), "key".getBytes(UTF_8), 1);

    write(pipeline, sink(), large);

    DeadLetter envelope = byId().get(large.getId());
    assertThat(envelope.getPayload()).isNull();
    assertThat(envelope.getPayloadReference()).isNull();
    assertThat(envelope.getPayloadSize()).isEqualTo(5_000_000);
    assertThat(envelope.getReplayable()).isFalse();
    assertThat(envelope.getKey()).isNotNull();
    assertThat(envelope.getHeaders()).hasSize(1);
    assertThat(envelope.getErrorMessage()).isEqualTo("no");
  }

  @Test
  void givesUpKeyAndHeadersOnlyIfTheyAloneAreTooLarge(TestPipeline pipeline) throws IOException {
    DeadLetter hugeKey = letter(1, bytes(10), bytes(3_000_000), 0);
    DeadLetter hugeHeaders = letter(2, null, null, 2_000);

    write(
        pipeline,
        sink().withMaxBytes(SMALL).withOverflowTo(folder.toString()),
        hugeKey,
        hugeHeaders);

    assertThat(byId().values())
        .hasSize(2)
        .allSatisfy(
            envelope -> {
              assertThat(envelope.getKey()).isNull();
              assertThat(envelope.getHeaders()).isEmpty();
              assertThat(envelope.getReplayable()).isFalse();
              assertThat(envelope.getOffset()).isPositive();
            });
    assertThat(Path.of(byId().get(hugeKey.getId()).getPayloadReference()))
        .hasBinaryContent(bytes(10));
    assertThat(byId().get(hugeHeaders.getId()).getPayloadReference()).isNull();
  }

  @Test
  void staysBelowTheLimitWhateverTheErrorSays(TestPipeline pipeline) throws IOException {
    kafka.createTopic(topic + "-small", 1, Map.of("max.message.bytes", "" + (SMALL + 500)));
    DeadLetter letter = letter(1, bytes(20_000), null, 0);
    // Three bytes a character: 15 kB, which lz4 cannot make small.
    letter.setErrorMessage(noise(StageDeadLetters.MAX_MESSAGE));
    letter.setErrorStack(noise(StageDeadLetters.MAX_STACK));

    write(
        pipeline,
        DeadLetterSinks.kafka(kafka.bootstrapServers(), topic + "-small").withMaxBytes(SMALL),
        letter);

    assertThat(kafka.readAll(topic + "-small"))
        .singleElement()
        .satisfies(
            written -> {
              DeadLetter envelope = DeadLetterCodec.decode(written.value());
              assertThat(envelope.getErrorMessage()).isEqualTo(letter.getErrorMessage());
              assertThat(written.value().length).isLessThanOrEqualTo(SMALL);
            });
  }

  /** A topic and a stage can have long names, and anybody can make a dead letter. */
  @Test
  void staysBelowTheLimitWhateverTheTextsAre(TestPipeline pipeline) {
    kafka.createTopic(topic + "-small", 1, Map.of("max.message.bytes", "" + (SMALL + 500)));
    DeadLetter letter = letter(1, bytes(20_000), bytes(20_000), 20);
    String endless = noise(20_000);
    for (Schema.Field field : letter.getSchema().getFields()) {
      if (letter.get(field.pos()) instanceof String && !field.name().equals("id")) {
        letter.put(field.pos(), endless);
      }
    }
    letter.setRedacted(Collections.nCopies(1_000, endless));

    write(
        pipeline,
        DeadLetterSinks.kafka(kafka.bootstrapServers(), topic + "-small").withMaxBytes(SMALL),
        letter);

    assertThat(kafka.readAll(topic + "-small"))
        .singleElement()
        .satisfies(
            written -> {
              DeadLetter envelope = DeadLetterCodec.decode(written.value());
              assertThat(envelope.getId()).isEqualTo(letter.getId());
              assertThat(endless).startsWith(envelope.getErrorMessage().substring(0, 99));
              assertThat(envelope.getReplayable()).isFalse();
            });
  }

  @Test
  void refusesALimitThatNoEnvelopeFitsInto() {
    assertThatThrownBy(() -> sink().withMaxBytes(9_999))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 9999");
  }

  @Test
  void writesOneFileForBoundedInputAndReplacesItInTheNextRun() throws IOException {
    writeFiles(letter(1, bytes(10), null, 0), letter(2, bytes(10), null, 0));
    assertThat(offsetsInFiles()).containsExactly(1L, 2L);

    writeFiles(letter(3, bytes(10), null, 0));

    assertThat(files(folder)).containsExactly("dead-letters-00000-of-00001.avro");
    assertThat(offsetsInFiles()).containsExactly(3L);
  }

  @Test
  void writesUnboundedInputPaneByPaneAndKeepsWhatAnEarlierLaunchWrote() throws IOException {
    writeFilesOfAStream(1, 2, 3);
    List<String> before = files(folder);
    assertThat(before).hasSize(2);

    writeFilesOfAStream(4, 5, 6);

    assertThat(files(folder)).hasSize(4).containsAll(before);
    assertThat(offsetsInFiles()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void writesJsonLinesThatReadBackAsTheyWere(TestPipeline pipeline) throws IOException {
    DeadLetter first = letter(1, "line\nbreak".getBytes(UTF_8), "key".getBytes(UTF_8), 1);
    DeadLetter second = letter(2, null, null, 0);

    write(pipeline, DeadLetterSinks.jsonLines(folder.toString()), first, second);

    assertThat(files(folder)).containsExactly("dead-letters-00000-of-00001.jsonl");
    assertThat(jsonLines()).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void movesAPayloadThatMakesALineTooLongIntoAFile(TestPipeline pipeline) throws IOException {
    byte[] payload = bytes(50_000);
    DeadLetter large = letter(1, payload, null, 0);

    write(pipeline, DeadLetterSinks.jsonLines(folder.toString() + "/").withMaxBytes(SMALL), large);

    DeadLetter envelope = jsonLines().get(0);
    assertThat(envelope.getPayload()).isNull();
    assertThat(envelope.getReplayable()).isTrue();
    assertThat(DeadLetterPayload.of(envelope)).contains(payload);
    assertThat(files(folder.resolve("payloads"))).containsExactly(large.getId() + ".bin");
  }

  @Test
  void writesEachDeadLetterToSeveralPlaces(TestPipeline pipeline) throws IOException {
    DeadLetter letter = letter(1, bytes(10), null, 0);

    write(
        pipeline,
        DeadLetterSinks.all(
            sink(),
            DeadLetterSinks.files(folder.toString()),
            DeadLetterSinks.files(folder.resolve("second").toString()),
            DeadLetterSinks.jsonLines(folder.toString()),
            DeadLetterSinks.log()),
        letter);

    assertThat(byId().values()).containsExactly(letter);
    assertThat(offsetsInFiles()).containsExactly(1L);
    assertThat(files(folder.resolve("second"))).hasSize(1);
    assertThat(jsonLines()).containsExactly(letter);
  }

  @Test
  void refusesToWriteToNoPlace() {
    assertThatThrownBy(DeadLetterSinks::all)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("need a sink");
  }

  @Test
  void writesALineADeadLetterToTheLog(TestPipeline pipeline) {
    DeadLetter letter = letter(1, "secret".getBytes(UTF_8), null, 0);

    List<String> lines = linesOf(() -> write(pipeline, DeadLetterSinks.log(), letter));

    assertThat(lines)
        .containsExactly(
            "WARN DECODE " + letter.getId() + " in decode from orders partition 3 offset 1: no");
  }

  private static List<String> linesOf(Runnable work) {
    List<String> lines = new CopyOnWriteArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    Logger logger = (Logger) LogManager.getLogger("org.beamtemplates.deadletters");
    logger.addAppender(appender);
    try {
      work.run();
    } finally {
      logger.removeAppender(appender);
    }
    return lines;
  }

  private void writeFiles(DeadLetter... letters) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    write(pipeline, DeadLetterSinks.files(folder.toString()), letters);
  }

  private void writeFilesOfAStream(long first, long second, long third) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    TestStream<DeadLetter> stream =
        TestStream.create(DeadLetterCoder.of())
            .addElements(letter(first, bytes(10), null, 0), letter(second, bytes(10), null, 0))
            .advanceProcessingTime(Duration.standardSeconds(31))
            .addElements(letter(third, bytes(10), null, 0))
            .advanceProcessingTime(Duration.standardSeconds(31))
            .advanceWatermarkToInfinity();
    try (DeadLetters deadLetters =
        DeadLetters.of("shop", "1.0", DeadLetterSinks.files(folder.toString()))) {
      deadLetters.add("decode", pipeline.apply(stream));
    }
    pipeline.run();
  }

  private static void write(TestPipeline pipeline, DeadLetterSink sink, DeadLetter... letters) {
    try (DeadLetters deadLetters = DeadLetters.of("shop", "1.0", sink)) {
      deadLetters.add(
          "decode",
          pipeline.apply(Create.of(Arrays.asList(letters)).withCoder(DeadLetterCoder.of())));
    }
    pipeline.run();
  }

  private KafkaDeadLetterSink sink() {
    return DeadLetterSinks.kafka(kafka.bootstrapServers(), topic);
  }

  private ConsumerRecord<byte[], byte[]> onlyRecord() {
    List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll(topic);
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  private Map<String, DeadLetter> byId() throws IOException {
    return byId(topic);
  }

  private Map<String, DeadLetter> byId(String name) throws IOException {
    Map<String, DeadLetter> letters = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> written : kafka.readAll(name)) {
      DeadLetter letter = DeadLetterCodec.decode(written.value());
      letters.put(letter.getId(), letter);
    }
    return letters;
  }

  private List<DeadLetter> jsonLines() throws IOException {
    List<DeadLetter> letters = new ArrayList<>();
    for (String file : files(folder)) {
      if (file.endsWith(".jsonl")) {
        for (String line : Files.readAllLines(folder.resolve(file))) {
          letters.add(DeadLetterJson.decode(line.getBytes(UTF_8)));
        }
      }
    }
    return letters;
  }

  private List<Long> offsetsInFiles() throws IOException {
    List<Long> offsets = new ArrayList<>();
    for (String file : files(folder).stream().filter(name -> name.endsWith(".avro")).toList()) {
      try (DataFileReader<DeadLetter> reader =
          new DataFileReader<>(
              folder.resolve(file).toFile(), new SpecificDatumReader<>(DeadLetter.class))) {
        reader.forEach(letter -> offsets.add(letter.getOffset()));
      }
    }
    return offsets.stream().sorted().toList();
  }

  private static List<String> files(Path in) {
    try (Stream<Path> files = Files.list(in)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StageDeadLetters stage() {
    return DeadLetters.of("shop", "1.0", letters -> null).stage("decode");
  }

  /** A dead letter with headers of 1 kB each. */
  private static DeadLetter letter(long offset, byte[] payload, byte[] key, int headers) {
    RawRecord.Header header = new RawRecord.Header("h", bytes(1_000));
    RawRecord raw =
        RawRecord.of(
            Origin.kafka("orders", 3, offset),
            key,
            payload,
            Collections.nCopies(headers, header),
            OptionalLong.of(7));
    return stage().ofRecord(Categories.DECODE, raw, "x/y", null, null, new Exception("no"));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String noise(int length) {
    StringBuilder text = new StringBuilder();
    new Random(1).ints(length, 0x4e00, 0x9fff).forEach(c -> text.append((char) c));
    return text.toString();
  }
}
