package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A producer that knows nothing of this project, kcat, writes good records and garbage while the
 * pipeline runs.
 */
@ExtendWith(KafkaExtension.class)
class RealtimeAnalyticsForeignProducerTest {

  private static final int PARTITIONS = 2;
  private static final int ROUNDS = 2;
  private static final int GOOD_A_ROUND = 10;

  private final LocalKafka kafka;
  private final String name = "page-events-" + UUID.randomUUID();
  private final Map<Integer, List<Path>> messages = new HashMap<>();
  private final Map<String, byte[]> garbage = new TreeMap<>();
  private final long[] nextOffsets = new long[PARTITIONS];
  private final Encoder<PageEvent> encoder = Encoders.json(PageEvent.class);
  private String kcat;
  private int good;

  @TempDir Path folder;

  RealtimeAnalyticsForeignProducerTest(LocalKafka kafka) {
    this.kafka = kafka;
  }

  @BeforeEach
  void findKcat() {
    Optional<String> found = kcat();
    assumeTrue(
        found.isPresent(),
        "kcat is neither on the PATH nor named by the variable KCAT; KCAT=$(.ci/kcat) gets it");
    kcat = found.get();
    encoder.open();
    kafka.createTopic(name, PARTITIONS);
    kafka.createTopic(name + ".results", 1);
    kafka.createTopic(name + ".dead-letters", 1);
  }

  @Test
  void goodRecordsCountAndEachGarbageRecordIsOneDeadLetter() throws Exception {
    try (RunningPipeline job = start()) {
      for (int round = 0; round < ROUNDS; round++) {
        writeGoodAndGarbage();
        int all = good + garbage.size();
        job.await(() -> job.accounting().stage("ingest").in() == all);
      }

      job.await(() -> events() == good);
      job.await(() -> kafka.readAll(name + ".dead-letters").size() >= garbage.size());
      assertThat(deadLetters()).containsExactlyEntriesOf(expectedLetters());
      assertThat(job.accounting().stage("ingest").dead()).isEqualTo(garbage.size());
      assertThat(job.accounting().balances()).isTrue();
      assertThat(job.dropped()).isZero();
    }
  }

  private RunningPipeline start() {
    RealtimeAnalyticsOptions options =
        RunningPipeline.options(
            RealtimeAnalyticsOptions.class,
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--inputTopic=" + name,
            "--inputEncoding=JSON",
            "--groupId=" + name,
            "--startFrom=earliest",
            "--outputTopic=" + name + ".results",
            "--outputEncoding=JSON",
            "--earlyResultsEvery=1s");
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    return RunningPipeline.start(pipeline);
  }

  private void writeGoodAndGarbage() throws Exception {
    Random random = new Random(good);
    byte[] noise = new byte[1_000];
    random.nextBytes(noise);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (int i = 0; i < GOOD_A_ROUND; i++) {
        if (i % 3 == 0) {
          addGarbage(partition, i == 0 ? noise : ("garbage " + good).getBytes(UTF_8));
        }
        add(partition, encoder.encode(viewNow("e" + good)));
        good++;
      }
      addGarbage(partition, "{\"eventId\": \"cut o".getBytes(UTF_8));
      runKcat(partition);
    }
  }

  /** The topic is idle between the rounds, so its watermark follows the clock. */
  private static PageEvent viewNow(String id) {
    return PageEvents.view(id, 0).setEventTimeMs(Instant.now().toEpochMilli()).build();
  }

  private void addGarbage(int partition, byte[] bytes) throws IOException {
    garbage.put(partition + "@" + nextOffsets[partition], bytes);
    add(partition, bytes);
  }

  private void add(int partition, byte[] bytes) throws IOException {
    Path file = folder.resolve(partition + "-" + nextOffsets[partition]++);
    messages.computeIfAbsent(partition, any -> new ArrayList<>()).add(Files.write(file, bytes));
  }

  /** Writes the content of each file as a record of its own. */
  private void runKcat(int partition) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(kcat, "-P", "-b", kafka.bootstrapServers(), "-t", name, "-p", "" + partition));
    messages.remove(partition).forEach(file -> command.add(file.toString()));
    Path log = folder.resolve("kcat.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("kcat has ended").isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  /** Events in the newest revision of every result. */
  private long events() throws Exception {
    Decoder<PageStatistics> decoder = Decoders.json(PageStatistics.class);
    decoder.open();
    Map<String, PageStatistics> newest = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(name + ".results")) {
      newest.merge(
          new String(record.key(), UTF_8),
          decoder.decode(RawRecord.of(Origin.none(), record.value())),
          (a, b) -> a.getRevision() > b.getRevision() ? a : b);
    }
    return newest.values().stream().mapToLong(PageStatistics::getEvents).sum();
  }

  private Map<String, String> expectedLetters() {
    Map<String, String> letters = new TreeMap<>();
    garbage.forEach((at, bytes) -> letters.put(at, "DECODE " + new String(bytes, UTF_8)));
    return letters;
  }

  /** Category and payload by coordinates; each has come once. */
  private Map<String, String> deadLetters() throws IOException {
    Map<String, String> letters = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(name + ".dead-letters")) {
      DeadLetter letter = DeadLetterCodec.decode(record.value());
      String twice =
          letters.put(
              letter.getPartition() + "@" + letter.getOffset(),
              letter.getCategory() + " " + UTF_8.decode(letter.getPayload()));
      assertThat(twice).as("second dead letter of %s", letter).isNull();
    }
    return letters;
  }

  private static Optional<String> kcat() {
    String named = System.getenv("KCAT");
    if (named != null) {
      return Optional.of(named);
    }
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry, "kcat"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
