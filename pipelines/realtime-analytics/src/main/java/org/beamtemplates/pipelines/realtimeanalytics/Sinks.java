package org.beamtemplates.pipelines.realtimeanalytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.net.URLEncoder;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.Encoding;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.FileFormat;
import org.beamtemplates.pipelines.realtimeanalytics.RealtimeAnalyticsOptions.Guarantee;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.codec.Encoder;
import org.beamtemplates.transforms.codec.Encoders;
import org.beamtemplates.transforms.deadletter.DeadLetterSink;
import org.beamtemplates.transforms.deadletter.DeadLetterSinks;
import org.beamtemplates.transforms.deadletter.DeadLetters;
import org.beamtemplates.transforms.deadletter.KafkaDeadLetterSink;
import org.beamtemplates.transforms.deadletter.Redaction;
import org.beamtemplates.transforms.deliver.FileDelivery;
import org.beamtemplates.transforms.deliver.KafkaDelivery;
import org.beamtemplates.transforms.deliver.jdbc.JdbcDelivery;
import org.beamtemplates.transforms.registry.SchemaRegistry;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where results and dead letters go, as the options say. */
final class Sinks {

  /** Writers of the output topic, if it is written exactly once: each has its transactions. */
  private static final int SHARDS = 4;

  private final RealtimeAnalyticsOptions options;

  Sinks(RealtimeAnalyticsOptions options) {
    this.options = options;
  }

  PTransform<PCollection<PageStatistics>, PDone> results(DeadLetters deadLetters) {
    if (options.getOutputTopic() != null) {
      KafkaDelivery<PageStatistics> topic =
          KafkaDelivery.to(
                  requireNonNull(options.getBootstrapServers()),
                  requireNonNull(options.getOutputTopic()),
                  Sinks::key,
                  encoder())
              .withDeadLetters(deadLetters);
      return options.getOutputGuarantee() == Guarantee.EXACTLY_ONCE
          ? topic.exactlyOnce(options.getGroupId() + "-" + options.getOutputTopic(), SHARDS)
          : topic;
    }
    if (options.getOutputJdbcUrl() != null) {
      Database database = new Database(options);
      return JdbcDelivery.to(
              database.connection(), database.table(), Encoders.json(PageStatistics.class))
          .withDeadLetters(deadLetters);
    }
    String folder = requireNonNull(options.getOutput());
    FileDelivery<PageStatistics> files =
        options.getOutputFormat() == FileFormat.AVRO
            ? FileDelivery.avro(folder, PageStatistics.class)
            : FileDelivery.jsonLines(folder, Encoders.json(PageStatistics.class));
    return files.withDeadLetters(deadLetters);
  }

  /**
   * Names window, category and country: the same for every revision of a result, another for every
   * other. Category and country are encoded, because they can hold a slash themselves.
   */
  static String key(PageStatistics statistics) {
    return statistics.getWindowStartMs()
        + "/"
        + statistics.getWindowEndMs()
        + "/"
        + URLEncoder.encode(statistics.getCategory(), UTF_8)
        + "/"
        + URLEncoder.encode(statistics.getCountry(), UTF_8);
  }

  private Encoder<PageStatistics> encoder() {
    return options.getOutputEncoding() == Encoding.AVRO
        ? Encoders.confluentAvro(
            PageStatistics.class,
            SchemaRegistry.at(requireNonNull(options.getRegistryUrl())),
            options.getOutputTopic() + "-value")
        : Encoders.json(PageStatistics.class);
  }

  DeadLetters deadLetters(String pipeline, String version) {
    DeadLetters deadLetters = DeadLetters.of(pipeline, version, deadLetterSink());
    List<String> redacted = options.getDeadLetterRedact();
    return redacted == null
        ? deadLetters
        : deadLetters.withRedaction(Redaction.paths(redacted).andKey());
  }

  private DeadLetterSink deadLetterSink() {
    String topic = deadLetterTopic(options);
    if (topic == null) {
      return DeadLetterSinks.files(requireNonNull(deadLetterFolder(options)));
    }
    KafkaDeadLetterSink sink =
        DeadLetterSinks.kafka(requireNonNull(options.getBootstrapServers()), topic);
    String overflow = options.getDeadLetterFolder();
    return overflow == null ? sink : sink.withOverflowTo(overflow);
  }

  /** Returns the topic for dead letters, or null if they go to files. */
  static @Nullable String deadLetterTopic(RealtimeAnalyticsOptions options) {
    if (options.getDeadLetterTopic() != null) {
      return options.getDeadLetterTopic();
    }
    return options.getInputTopic() == null ? null : options.getInputTopic() + ".dead-letters";
  }

  /** Returns the folder for dead letters, or null if none is named and none can be derived. */
  static @Nullable String deadLetterFolder(RealtimeAnalyticsOptions options) {
    if (options.getDeadLetterFolder() != null) {
      return options.getDeadLetterFolder();
    }
    String output = options.getOutput();
    if (output == null) {
      return null;
    }
    return output.endsWith("/") ? output + "dead-letters" : output + "/dead-letters";
  }
}
