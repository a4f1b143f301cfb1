package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.services.KafkaExtension;
import org.beamtemplates.services.LocalKafka;
import org.beamtemplates.services.LocalPostgres;
import org.beamtemplates.services.LocalSchemaRegistry;
import org.beamtemplates.services.SchemaRegistryExtension;
import org.beamtemplates.testing.RunningPipeline;
import org.beamtemplates.testing.conformance.Conforms;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole graph in a stream, from Kafka to PostgreSQL with a registry, on the runner of the
 * module, while the database goes away and comes back.
 */
@ExtendWith({KafkaExtension.class, SchemaRegistryExtension.class})
@Conforms(subject = "realtime-analytics", capability = "golden results from Kafka to PostgreSQL")
@Tag(Conforms.UNBOUNDED)
class RealtimeAnalyticsJdbcTest {

  private static final int PARTITIONS = 3;

  /** Rows of the table in the shape of the golden file. */
  private static final String RESULTS =
      """
      SELECT json_build_object(
        'windowStartMs', (extract(epoch FROM window_start) * 1000)::bigint,
        'windowEndMs', (extract(epoch FROM window_end) * 1000)::bigint,
        'category', category, 'country', country,
        'events', events, 'distinctUsers', distinct_users,
        'loadTimeP50Ms', load_time_p50_ms, 'loadTimeP95Ms', load_time_p95_ms,
        'loadTimeP99Ms', load_time_p99_ms,
        'revenueMinor', revenue_minor, 'topPages', top_pages,
        'timing', timing, 'revision', revision)
      FROM page_statistics
      """;

  private static LocalPostgres postgres;

  private final LocalKafka kafka;
  private final LocalSchemaRegistry registry;
  private final String name = "page-events-" + UUID.randomUUID();

  @TempDir Path folder;

  RealtimeAnalyticsJdbcTest(LocalKafka kafka, LocalSchemaRegistry registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @BeforeAll
  static void startPostgres() {
    // One of its own: the test lets it go away.
    postgres = LocalPostgres.start();
    postgres.execute(PageStatisticsTable.named("page_statistics").createTable());
  }

  @AfterAll
  static void stopPostgres() {
    postgres.close();
  }

  @BeforeEach
  void createTopics() {
    kafka.createTopic(name, PARTITIONS);
    kafka.createTopic(name + ".dead-letters", 1);
  }

  @Test
  void givesTheGoldenResultsThoughTheDatabaseGoesAway() throws Exception {
    sendGoldenEvents();
    postgres.gate().cut();
    try (RunningPipeline job = start()) {
      await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofMinutes(2))
          .until(() -> job.state() == PipelineResult.State.RUNNING && results().isEmpty());

      postgres.gate().restore();
      job.await(() -> !results().isEmpty());
      postgres.gate().cut();
      postgres.gate().restore();

      job.await(() -> finalResults() == Golden.RESULTS);
      holdAgainstGolden();
      assertThat(kafka.readAll(name + ".dead-letters"))
          .hasSize(Golden.UNDECODABLE + Golden.INVALID);
      assertThat(job.dropped()).isZero();
    }
  }

  private RunningPipeline start() {
    RealtimeAnalyticsOptions options =
        RunningPipeline.options(
            RealtimeAnalyticsOptions.class,
            "--bootstrapServers=" + kafka.bootstrapServers(),
            "--registryUrl=" + registry.url(),
            "--inputTopic=" + name,
            "--groupId=" + name,
            "--startFrom=earliest",
            "--outputJdbcUrl=" + postgres.gatedJdbcUrl(),
            "--jdbcUser=" + postgres.user());
    Pipeline pipeline = Pipeline.create(options);
    new RealtimeAnalytics().build(pipeline, options);
    return RunningPipeline.start(pipeline);
  }

  private void sendGoldenEvents() throws IOException, EncodeException {
    Decoder<PageEvent> decoder = Decoders.json(PageEvent.class);
    decoder.open();
    Encoder<PageEvent> encoder =
        Encoders.confluentAvro(PageEvent.class, SchemaRegistry.at(registry.url()), name + "-value");
    encoder.open();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String line : Golden.inputLines(folder)) {
      byte[] bytes = line.getBytes(UTF_8);
      try {
        bytes = encoder.encode(decoder.decode(RawRecord.of(Origin.none(), bytes)));
      } catch (DecodeException e) {
        assertThat(e).as("sent as it is").hasMessageMatching(".+");
      }
      records.add(new ProducerRecord<>(name, records.size() % PARTITIONS, null, bytes));
    }
    kafka.send(records);
  }

  private List<String> results() throws SQLException {
    List<String> results = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(RESULTS)) {
      while (rows.next()) {
        results.add(rows.getString(1));
      }
    }
    return results;
  }

  private long finalResults() throws SQLException {
    return results().stream().filter(result -> !result.contains("EARLY")).count();
  }

  private void holdAgainstGolden() throws IOException, SQLException {
    Golden.hold(Files.write(folder.resolve("results.jsonl"), results()));
  }
}
