package org.beamtemplates.transforms.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.message.RawMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.transforms.aggregate.Aggregated;
import org.beamtemplates.transforms.aggregate.WindowedAggregation;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deliver.KafkaDelivery;
import org.beamtemplates.transforms.enrich.Enrichment;
import org.beamtemplates.transforms.enrich.MissPolicy;
import org.beamtemplates.transforms.ingest.EventTime;
import org.beamtemplates.transforms.ingest.EventTimeExtractor;
import org.beamtemplates.transforms.ingest.KafkaIngestion;
import org.beamtemplates.transforms.ingest.StartFrom;
import org.beamtemplates.transforms.record.Ingested;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.beamtemplates.transforms.state.KeyedState;
import org.beamtemplates.transforms.state.Transition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every stage and every kind of failure, in one pipeline, with a real broker and registry: each
 * failing record is one dead letter. The table of the guide is written by this run, with {@code
 * -Ddocs.update=true}.
 */
@ExtendWith({KafkaExtension.class, SchemaRegistryExtension.class})
class FailureKindsTest {

  private static final Path GUIDE = Path.of("../docs/dead-letters.md");
  private static final String BEGIN = "<!-- What FailureKindsTest saw: -->\n";
  private static final String END = "<!-- end -->\n";

  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private static final String KNOWN = "known";

  /** A record that fails, and what must become of it. Its name is the record's key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Failing(String name, String category, String stage, byte @Nullable [] value) {

    boolean fails() {
      return !category.isEmpty();
    }
  }

  private final LocalKafka kafka;
  private final LocalSchemaRegistry registry;
  private final int schemaId;
  private final String run = UUID.randomUUID().toString();
  private final String avro = "avro-" + run;
  private final String json = "json-" + run;
  private final String out = "out-" + run;
  private final String dead = "dead-" + run;

  FailureKindsTest(LocalKafka kafka, LocalSchemaRegistry registry) {
    this.kafka = kafka;
    this.registry = registry;
    this.schemaId = registry.register(avro + "-value", PageEvent.getClassSchema().toString());
  }

  @Test
  void eachFailingRecordIsOneDeadLetter() throws IOException {
    for (String topic : List.of(avro, json, out, dead)) {
      kafka.createTopic(topic, 1);
    }
    List<Failing> ofAvro = ofAvro();
    List<Failing> ofJson = ofJson();
    List<Failing> ofResults = ofResults();
    send(avro, ofAvro);
    send(json, ofJson);
    int expected =
        (int)
            Stream.of(ofAvro, ofJson, ofResults)
                .flatMap(List::stream)
                .filter(Failing::fails)
                .count();

    try (RunningPipeline job = RunningPipeline.start(pipeline())) {
      job.await(() -> deadLetters().size() >= expected);

      List<DeadLetter> letters = deadLetters();
      assertThat(letters).hasSize(expected).extracting(DeadLetter::getId).doesNotHaveDuplicates();
      List<String> rows = new ArrayList<>();
      checkRecords(ofAvro, avro, letters, rows);
      checkRecords(ofJson, json, letters, rows);
      checkResults(ofResults, letters, rows);
      assertThat(job.dropped()).isZero();
      // The runner adds counters up in the background.
      job.await(() -> job.accounting().balances());
      checkGuide(rows);
    }
  }

  private List<Failing> ofAvro() {
    List<Failing> failing = new ArrayList<>();
    decode(failing, "no value", null);
    decode(failing, "empty value", new byte[0]);
    decode(failing, "another magic byte", changed(bytes -> bytes[0] = 7));
    decode(failing, "unknown schema id", changed(bytes -> ByteBuffer.wrap(bytes).putInt(1, 9_999)));
    decode(failing, "truncated", Arrays.copyOf(wire(event(e -> {})), 20));
    decode(failing, "a length of 2 GB", changed(bytes -> Arrays.fill(bytes, 5, 10, (byte) 0x7f)));
    validate(failing, "a rule is broken", e -> e.setEventId(""));
    validate(failing, "the rule itself throws", e -> e.setPage("bug"));
    validate(failing, "event time in the year 2100", e -> e.setEventTimeMs(4_102_444_800_000L));
    validate(failing, "event time 0", e -> e.setEventTimeMs(0));
    later(failing, "ENRICH", "enrich", "not in the table", e -> e.setUserId("nobody"));
    later(failing, "PROCESS", "process", "a function throws", e -> e.setPage("/throws"));
    good(failing, e -> e.setCountry(NamedEncoder.UNWRITABLE));
    good(failing, e -> e.setCountry(NamedEncoder.HUGE));
    // Moves the watermark by an hour; the next one is behind it.
    good(failing, e -> e.setEventTimeMs(NOON + 3_600_000));
    later(failing, "LATE", "aggregate", "after its window was closed", e -> e.setCountry("DE"));
    return failing;
  }

  private static List<Failing> ofJson() {
    List<Failing> failing = new ArrayList<>();
    String stage = "ingest-json";
    for (Map.Entry<String, String> text :
        List.of(
            Map.entry("JSON: not JSON", "{\"eventId\": "),
            Map.entry("JSON: not an object", "[1, 2]"),
            Map.entry("JSON: a required field is missing", "{\"userId\": \"u\"}"),
            Map.entry("JSON: a field of another type", "{\"eventId\": {}}"),
            Map.entry("JSON: nested too deep", "[".repeat(5_000)))) {
      failing.add(new Failing(text.getKey(), "DECODE", stage, text.getValue().getBytes(UTF_8)));
    }
    return failing;
  }

  /** Results of windows have no coordinates: these are told by their errors. */
  private static List<Failing> ofResults() {
    return List.of(
        new Failing("a result cannot be encoded", "DELIVER", "deliver", null),
        new Failing("a result larger than a record may be", "DELIVER", "deliver", null));
  }

  private Pipeline pipeline() {
    Pipeline pipeline = Pipeline.create(RunningPipeline.options(PipelineOptions.class));
    try (DeadLetters deadLetters =
        DeadLetters.of("test", "1", DeadLetterSinks.kafka(kafka.bootstrapServers(), dead))) {
      Encoder<PageEvent> payload = Encoders.json(PageEvent.class);
      PCollection<Ingested<PageEvent>> events =
          pipeline.apply("Ingest", ingestion(avro, confluent(), deadLetters));
      pipeline.apply(
          "IngestJson",
          ingestion(json, Decoders.json(PageEvent.class), deadLetters).named("ingest-json"));

      PCollectionView<Map<String, String>> users =
          pipeline.apply("Users", Create.of(KV.of(KNOWN, "Ann"))).apply("AsMap", View.asMap());
      PCollection<Ingested<PageEvent>> enriched =
          events.apply(
              "Enrich",
              Enrichment.of(
                      users,
                      PageEvent::getUserId,
                      (PageEvent event, Optional<String> name) -> event,
                      AvroCoder.of(PageEvent.class))
                  .withMisses(MissPolicy.deadLetter())
                  .withDeadLetters(deadLetters, payload));
      PCollection<Ingested<PageEvent>> processed =
          enriched
              .apply(
                  "Process",
                  KeyedState.by(PageEvent::getUserId, StringUtf8Coder.of())
                      .expiringAfter(Duration.ofDays(1))
                      .withDeadLetters(deadLetters, payload)
                      .named("process")
                      .applying(
                          (Integer count, PageEvent event, long eventTimeMillis) ->
                              process(count, event),
                          VarIntCoder.of(),
                          AvroCoder.of(PageEvent.class)))
              .outputs();
      Aggregated<String, PageEvent, Long> counted =
          processed.apply(
              "Aggregate",
              WindowedAggregation.by(PageEvent::getCountry, StringUtf8Coder.of())
                  .inFixedWindows(Duration.ofMinutes(1))
                  .combining(Count.combineFn()));
      counted
          .lateTo(deadLetters, payload)
          .apply("Name", MapElements.into(TypeDescriptors.strings()).via(result -> result.key()))
          .apply(
              "Deliver",
              KafkaDelivery.to(
                      kafka.bootstrapServers(), out, (String name) -> name, new NamedEncoder())
                  .withDeadLetters(deadLetters));
    }
    return pipeline;
  }

  private static Transition<Integer, PageEvent> process(@Nullable Integer count, PageEvent event) {
    if (event.getPage().equals("/throws")) {
      throw new IllegalStateException("a function that fails for this page");
    }
    return Transition.to(count == null ? 1 : count + 1, event);
  }

  private KafkaIngestion<PageEvent> ingestion(
      String topic, Decoder<PageEvent> decoder, DeadLetters deadLetters) {
    return KafkaIngestion.of(
            decoder,
            kafka.bootstrapServers(),
            topic,
            "group-" + topic,
            StartFrom.earliest(),
            EventTime.extractedBy(EventTimeExtractor.decoding(decoder, PageEvent::getEventTimeMs)))
        .withValidator(FailureKindsTest::complaint)
        .withDeadLetters(deadLetters);
  }

  private static Optional<String> complaint(PageEvent event) {
    if (event.getPage().equals("bug")) {
      throw new IllegalStateException("a rule with a bug");
    }
    return event.getEventId().isEmpty() ? Optional.of("eventId is empty") : Optional.empty();
  }

  private Decoder<PageEvent> confluent() {
    return Decoders.confluentAvro(PageEvent.class, SchemaRegistry.at(registry.url()));
  }

  private static PageEvent event(Consumer<PageEvent> change) {
    PageEvent event =
        PageEvent.newBuilder()
            .setEventId(UUID.randomUUID().toString())
            .setUserId(KNOWN)
            .setPage("/")
            .setEventTimeMs(NOON)
            .build();
    change.accept(event);
    return event;
  }

  private byte[] wire(PageEvent event) {
    try {
      ByteBuffer body =
          new RawMessageEncoder<PageEvent>(SpecificData.get(), PageEvent.getClassSchema())
              .encode(event);
      return ByteBuffer.allocate(5 + body.remaining())
          .put((byte) 0)
          .putInt(schemaId)
          .put(body)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] changed(Consumer<byte[]> change) {
    byte[] bytes = wire(event(e -> {}));
    change.accept(bytes);
    return bytes;
  }

  private static void decode(List<Failing> failing, String name, byte @Nullable [] value) {
    failing.add(new Failing(name, "DECODE", "ingest", value));
  }

  private void validate(List<Failing> failing, String name, Consumer<PageEvent> change) {
    later(failing, "VALIDATE", "ingest", name, change);
  }

  private void later(
      List<Failing> failing,
      String category,
      String stage,
      String name,
      Consumer<PageEvent> change) {
    failing.add(new Failing(name, category, stage, wire(event(change))));
  }

  private void good(List<Failing> failing, Consumer<PageEvent> change) {
    failing.add(new Failing("", "", "", wire(event(change))));
  }

  private void send(String topic, List<Failing> failing) {
    kafka.send(
        failing.stream()
            .map(each -> new ProducerRecord<byte[], byte[]>(topic, 0, null, each.value()))
            .toList());
  }

  private List<DeadLetter> deadLetters() {
    return kafka.readAll(dead).stream()
        .map(ConsumerRecord::value)
        .map(DeadLetterCodec::decode)
        .toList();
  }

  private static void checkRecords(
      List<Failing> sent, String topic, List<DeadLetter> letters, List<String> rows) {
    for (int offset = 0; offset < sent.size(); offset++) {
      Failing failing = sent.get(offset);
      long place = offset;
      List<DeadLetter> found =
          letters.stream()
              .filter(letter -> topic.equals(letter.getSource()) && letter.getOffset() == place)
              .toList();
      assertThat(found).as(failing.name()).hasSize(failing.fails() ? 1 : 0);
      if (failing.fails()) {
        DeadLetter letter = found.get(0);
        assertThat(letter.getCategory()).as(failing.name()).isEqualTo(failing.category());
        assertThat(letter.getStage()).as(failing.name()).isEqualTo(failing.stage());
        assertThat(letter.getAttempts()).isEqualTo(1);
        if (!letter.getReencoded() && failing.value() != null) {
          assertThat(letter.getPayload()).isEqualTo(ByteBuffer.wrap(failing.value()));
        }
        rows.add(row(failing, letter));
      }
    }
  }

  private static void checkResults(
      List<Failing> results, List<DeadLetter> letters, List<String> rows) {
    List<DeadLetter> found =
        letters.stream()
            .filter(letter -> letter.getSource() == null)
            .sorted(Comparator.comparing(DeadLetter::getPayloadSize))
            .toList();
    assertThat(found).hasSameSizeAs(results);
    for (int i = 0; i < results.size(); i++) {
      assertThat(found.get(i).getStage()).isEqualTo("deliver");
      assertThat(found.get(i).getCategory()).isEqualTo("DELIVER");
      rows.add(row(results.get(i), found.get(i)));
    }
  }

  private static String row(Failing failing, DeadLetter letter) {
    String error = letter.getErrorClass();
    String payload;
    if (letter.getPayload() == null && letter.getPayloadSize() >= 0) {
      payload = "too big for the topic: in a file, or lost";
    } else if (letter.getPayload() == null) {
      payload = letter.getReplayable() ? "none, as it was read" : "none";
    } else {
      payload = letter.getReencoded() ? "encoded again" : "the original bytes";
    }
    return "| `%s` | `%s` | %s | %s | %s | %s | %s |%n"
        .formatted(
            letter.getCategory(),
            letter.getStage(),
            failing.name(),
            error.isEmpty() ? "–" : "`" + error.substring(error.lastIndexOf('.') + 1) + "`",
            letter.getSource() == null ? "–" : "yes",
            payload,
            letter.getReplayable() ? "yes" : "no");
  }

  private static void checkGuide(List<String> rows) throws IOException {
    assumeTrue(Files.exists(GUIDE), "a project made from a template has no guides");
    String table =
        """
        | category | stage | what is wrong | error class | coordinates | payload | replayable |
        |---|---|---|---|---|---|---|
        """
            + String.join("", rows);
    String guide = Files.readString(GUIDE);
    int begin = guide.indexOf(BEGIN) + BEGIN.length();
    int end = guide.indexOf(END, begin);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(GUIDE, guide.substring(0, begin) + table + guide.substring(end));
    } else {
      assertThat(guide.substring(begin, end)).isEqualTo(table);
    }
  }

  /** Writes names, but for one that it cannot write and one that it writes at great length. */
  private static final class NamedEncoder implements Encoder<String> {

    private static final long serialVersionUID = 1L;
    static final String UNWRITABLE = "UNWRITABLE";
    static final String HUGE = "HUGE";

    @Override
    public byte[] encode(String name) throws EncodeException {
      if (name.equals(UNWRITABLE)) {
        throw new EncodeException("nobody can write this");
      }
      return name.equals(HUGE) ? new byte[2_000_000] : name.getBytes(UTF_8);
    }

    @Override
    public String contentType() {
      return "text/plain";
    }
  }
}
