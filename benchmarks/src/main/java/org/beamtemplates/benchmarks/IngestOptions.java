package org.beamtemplates.benchmarks;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@link GuardedIngest}, {@link BareIngest} and {@link PassThrough}. */
public interface IngestOptions extends PipelineOptions {

  @Description("Kafka brokers.")
  String getBootstrapServers();

  void setBootstrapServers(String value);

  @Description("Schema registry.")
  String getRegistryUrl();

  void setRegistryUrl(String value);

  @Description("Topic to read.")
  String getInputTopic();

  void setInputTopic(String value);

  @Description("Topic for dead letters.")
  String getDeadLetterTopic();

  void setDeadLetterTopic(String value);

  @Description("Topic to write to, if the template writes.")
  @Nullable String getOutputTopic();

  void setOutputTopic(@Nullable String value);
}
