package org.beamtemplates.benchmarks.analytics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.schemas.PageEvent;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.codec.Decoders;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.StageDeadLetters;
import org.beamtemplates.transforms.io.KafkaProducers;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What realtime-analytics does, with its default options and without early results, as a job for
 * Flink's DataStream API: no Beam in it, but the same decoder, sketches and encoder.
 *
 * <p>Events that come after the allowed lateness are dropped: there are none in a benchmark.
 */
@Command(name = "native-analytics", description = "Page events to statistics, on embedded Flink.")
public final class NativeAnalytics implements Callable<Integer> {

  private static final Duration MAX_DELAY = Duration.ofSeconds(5);
  private static final Duration IDLE_AFTER = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration LATENESS = Duration.ofMinutes(5);
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(10);
  private static final Duration CHECKPOINT_PAUSE = Duration.ofSeconds(5);
  private static final int TOP_PAGES = 10;
  private static final int PARALLELISM = 2;
  private static final int MAX_RECORD_BYTES = 1_000_000;

  @Option(names = "--bootstrapServers", required = true)
  private String bootstrapServers;

  @Option(names = "--registryUrl", required = true)
  private String registryUrl;

  @Option(names = "--inputTopic", required = true)
  private String inputTopic;

  @Option(names = "--outputTopic", required = true)
  private String outputTopic;

  @Option(names = "--deadLetterTopic", required = true)
  private String deadLetterTopic;

  @Option(names = "--checkpoints", required = true)
  private Path checkpoints;

  @Option(names = "--stateBackend", defaultValue = "hashmap")
  private String stateBackend;

  @Option(names = "--read", required = true)
  private Path read;

  private NativeAnalytics() {}

  /** Runs the job until the JVM is ended. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new NativeAnalytics()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    ReadCount.tell(read);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration());

    SingleOutputStreamOperator<PageView> views =
        environment
            .fromSource(source(), watermarks(), "pages")
            .process(new SplitFunction())
            .returns(TypeInformation.of(PageView.class))
            .name("split");
    views.getSideOutput(SplitFunction.DEAD).sinkTo(deadLetters()).name("dead letters");

    views
        .keyBy(view -> view.eventId)
        .process(new FirstFunction(WINDOW.plus(LATENESS).toMillis()))
        .returns(TypeInformation.of(PageView.class))
        .name("first")
        .keyBy(
            view -> Tuple2.of(view.category, view.country), Types.TUPLE(Types.STRING, Types.STRING))
        .window(TumblingEventTimeWindows.of(WINDOW))
        .allowedLateness(LATENESS)
        .aggregate(
            new StatisticsFunction(TOP_PAGES),
            new CompleteFunction(),
            new AggregateType(),
            new GenericTypeInfo<>(PageStatistics.class),
            new GenericTypeInfo<>(PageStatistics.class))
        .name("statistics")
        .sinkTo(results())
        .name("results");
    environment.execute("native-analytics");
    return 0;
  }

  private Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(ExecutionCheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_EVERY);
    configuration.set(
        ExecutionCheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, CHECKPOINT_PAUSE);
    configuration.set(
        ExecutionCheckpointingOptions.CHECKPOINTING_MODE, CheckpointingMode.EXACTLY_ONCE);
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(StateBackendOptions.STATE_BACKEND, stateBackend);
    return configuration;
  }

  private KafkaSource<PageRead> source() {
    return KafkaSource.<PageRead>builder()
        .setBootstrapServers(bootstrapServers)
        .setTopics(inputTopic)
        .setGroupId("native-analytics")
        .setStartingOffsets(OffsetsInitializer.earliest())
        // As the library has it: see KafkaIngestion.
        .setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50")
        .setDeserializer(
            new PageDeserializer(
                Decoders.confluentAvro(PageEvent.class, SchemaRegistry.at(registryUrl)),
                ingestLetters()))
        .build();
  }

  /** The library's envelope; where the letters go is up to this job. */
  private StageDeadLetters ingestLetters() {
    try (DeadLetters letters =
        DeadLetters.of(
            "native-analytics", "1", DeadLetterSinks.kafka(bootstrapServers, deadLetterTopic))) {
      return letters.stage("ingest");
    }
  }

  private static WatermarkStrategy<PageRead> watermarks() {
    return WatermarkStrategy.<PageRead>forBoundedOutOfOrderness(MAX_DELAY)
        .withTimestampAssigner((next, kafkaTimestamp) -> next.timeMillis)
        .withIdleness(IDLE_AFTER);
  }

  private KafkaSink<PageStatistics> results() {
    return sink(
        new StatisticsRecords(
            outputTopic,
            Encoders.confluentAvro(
                PageStatistics.class, SchemaRegistry.at(registryUrl), outputTopic + "-value")));
  }

  private KafkaSink<DeadLetter> deadLetters() {
    return sink(new DeadLetterRecords(deadLetterTopic));
  }

  private <T> KafkaSink<T> sink(KafkaRecordSerializationSchema<T> records) {
    Properties producer = new Properties();
    for (Map.Entry<String, Object> entry : KafkaProducers.safe(MAX_RECORD_BYTES).entrySet()) {
      producer.setProperty(entry.getKey(), entry.getValue().toString());
    }
    return KafkaSink.<T>builder()
        .setBootstrapServers(bootstrapServers)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setKafkaProducerConfig(producer)
        .setRecordSerializer(records)
        .build();
  }
}
