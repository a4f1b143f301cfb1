package org.beamtemplates.cli.deadletters;

import java.nio.file.Path;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Option;

/** Where dead letters are: options of all commands, beside files named without an option. */
final class SourceOptions {

  static final String WHERE =
      "File with dead letters (.avro, .jsonl), or folder with such files, as the demo leaves it.";

  @Option(
      names = "--topic",
      paramLabel = "<topic>",
      description = "Kafka topic with dead letters, instead of files.")
  private @Nullable String topic;

  @Option(
      names = "--bootstrapServers",
      paramLabel = "<brokers>",
      description = "Kafka brokers, host:port,host:port.")
  private @Nullable String bootstrapServers;

  @Nullable String bootstrapServers() {
    return bootstrapServers;
  }

  /** Returns the only place that is named. */
  LetterSource open(@Nullable Path where) {
    if (where != null && topic != null) {
      throw new Refusal("<where> was " + where + ", --topic was " + topic + "; give one of them");
    }
    if (where != null) {
      return FileSource.of(where);
    }
    if (topic == null) {
      throw new Refusal(
          "Where are the dead letters? Name a file or a folder, or give --topic and"
              + " --bootstrapServers");
    }
    return TopicSource.of(requireBrokers("--topic"), topic);
  }

  String requireBrokers(String because) {
    if (bootstrapServers == null) {
      throw new Refusal(because + " needs --bootstrapServers, such as localhost:9092");
    }
    return bootstrapServers;
  }
}
