package org.beamtemplates.pipelines.realtimeanalytics;

import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.beamtemplates.transforms.bucket.Buckets;
import org.beamtemplates.transforms.launch.DeadLetterPolicyOptions;
import org.beamtemplates.transforms.launch.Describe;
import org.beamtemplates.transforms.launch.DurationOption;
import org.beamtemplates.transforms.launch.Range;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Options of {@link RealtimeAnalytics}. Either files or a topic in; files, a topic or a table out.
 */
public interface RealtimeAnalyticsOptions extends DeadLetterPolicyOptions {

  /** How events and results are encoded in Kafka. */
  enum Encoding {
    /** Avro in the Confluent wire format; needs the registry. */
    AVRO,
    /** Plain JSON. */
    JSON
  }

  /** How events and results lie in files. */
  enum FileFormat {
    /** A line of JSON each. */
    JSON_LINES,
    /** Avro container files. */
    AVRO
  }

  /** How often a result is in the output topic after a failure. */
  enum Guarantee {
    /** Once, or more often. */
    AT_LEAST_ONCE,
    /** Once, for consumers that read committed records only. */
    EXACTLY_ONCE
  }

  /** Where the event time comes from. */
  enum EventTimeSource {
    /** The field eventTimeMs of the event. */
    PAYLOAD,
    /** Kafka's timestamp of the record. */
    KAFKA
  }

  @Describe(group = "Read", order = 1, example = "data/*.jsonl")
  @Description("Files to read, such as data/*.jsonl. Bounded: the job ends when all are read.")
  @Nullable String getInput();

  void setInput(@Nullable String value);

  @Describe(group = "Read", order = 2)
  @Description("Format of the input files.")
  @Default.Enum("JSON_LINES")
  FileFormat getInputFormat();

  void setInputFormat(FileFormat value);

  @Describe(group = "Read", order = 3)
  @Description("Kafka topic to read. Unbounded: the job runs until it is stopped.")
  @Nullable String getInputTopic();

  void setInputTopic(@Nullable String value);

  @Describe(group = "Read", order = 4)
  @Description("Encoding of the events in the input topic.")
  @Default.Enum("AVRO")
  Encoding getInputEncoding();

  void setInputEncoding(Encoding value);

  @Describe(group = "Read", order = 5)
  @Description(
      "Where to start reading the topic when there is no checkpoint; required with a topic: "
          + "earliest, latest, a time such as 2026-01-31T08:00:00Z, or committed (by the group; else "
          + "earliest). Offsets are committed ahead of the windows: a job that starts at committed, "
          + "without its checkpoint, counts windows that were open from zero.")
  @Nullable String getStartFrom();

  void setStartFrom(@Nullable String value);

  @Describe(group = "Read", order = 6)
  @Description("Consumer group that consumed offsets are committed for.")
  @Default.String("realtime-analytics")
  String getGroupId();

  void setGroupId(String value);

  @Describe(group = "Read", order = 7)
  @Description("Kafka brokers of all topics, host:port,host:port.")
  @Nullable String getBootstrapServers();

  void setBootstrapServers(@Nullable String value);

  @Describe(group = "Read", order = 8)
  @Description("Schema registry (Confluent API), such as http://registry:8081. For Avro in topics.")
  @Nullable String getRegistryUrl();

  void setRegistryUrl(@Nullable String value);

  @Describe(group = "Time", order = 9)
  @Description(
      "Where the event time of a record in a topic comes from: the event itself, or "
          + "Kafka's timestamp, which is cheaper. In files it is always the event itself.")
  @Default.Enum("PAYLOAD")
  EventTimeSource getEventTime();

  void setEventTime(EventTimeSource value);

  @Describe(group = "Time", order = 10)
  @Description("How much events of one partition may be out of order before they are late.")
  @Default.String("5s")
  @DurationOption
  String getMaxDelay();

  void setMaxDelay(String value);

  @Describe(group = "Time", order = 11)
  @Description("Length of the windows, in event time.")
  @Default.String("1m")
  @DurationOption(min = "1s")
  String getWindowSize();

  void setWindowSize(String value);

  @Describe(group = "Time", order = 12)
  @Description("How often an open window gives early results, in processing time; 0s for never.")
  @Default.String("10s")
  @DurationOption
  String getEarlyResultsEvery();

  void setEarlyResultsEvery(String value);

  @Describe(group = "Time", order = 13)
  @Description(
      "How long after its end a window takes late events and gives corrections, in event "
          + "time. Later events become dead letters.")
  @Default.String("5m")
  @DurationOption
  String getAllowedLateness();

  void setAllowedLateness(String value);

  @Describe(group = "Time", order = 14)
  @Description("How many of the most viewed pages a result names.")
  @Default.Integer(10)
  @Range(min = 0, max = 100)
  int getTopPages();

  void setTopPages(int value);

  @Describe(group = "Write", order = 15, example = "out")
  @Description("Folder to write results to, as files.")
  @Nullable String getOutput();

  void setOutput(@Nullable String value);

  @Describe(group = "Write", order = 16)
  @Description("Format of the output files.")
  @Default.Enum("JSON_LINES")
  FileFormat getOutputFormat();

  void setOutputFormat(FileFormat value);

  @Describe(group = "Write", order = 17)
  @Description(
      "Kafka topic to write results to. At least once; the key names window, category and "
          + "country, and of equal keys the highest revision counts.")
  @Nullable String getOutputTopic();

  void setOutputTopic(@Nullable String value);

  @Describe(group = "Write", order = 18)
  @Description("Encoding of the results in the output topic.")
  @Default.Enum("AVRO")
  Encoding getOutputEncoding();

  void setOutputEncoding(Encoding value);

  @Describe(group = "Write", order = 19)
  @Description(
      "PostgreSQL database to write results to, a row for each window, category and country. "
          + "Written at least once, by key: the table shows each result once, the latest.")
  @Nullable String getOutputJdbcUrl();

  void setOutputJdbcUrl(@Nullable String value);

  @Describe(group = "Write", order = 20)
  @Description(
      "Table of the database, table or schema.table. It must exist; if not, the launch says how to "
          + "create it.")
  @Default.String(PageStatisticsTable.DEFAULT_NAME)
  String getOutputTable();

  void setOutputTable(String value);

  @Describe(group = "Write", order = 21)
  @Description("User of the database.")
  @Nullable String getJdbcUser();

  void setJdbcUser(@Nullable String value);

  @Describe(group = "Write", order = 22)
  @Description(
      "Where the password of the database is kept on every worker: env:NAME or file:/path; never "
          + "the password itself.")
  @Nullable String getJdbcPassword();

  void setJdbcPassword(@Nullable String value);

  @Describe(group = "Write", order = 23)
  @Description(
      "Kafka topic for dead letters. Default with an input topic: its name and " + ".dead-letters.")
  @Nullable String getDeadLetterTopic();

  void setDeadLetterTopic(@Nullable String value);

  @Describe(group = "Write", order = 24)
  @Description(
      "Folder for dead letters, as Avro files, and for payloads that do not fit into the "
          + "dead-letter topic. Default from files to files: the folder dead-letters in the output.")
  @Nullable String getDeadLetterFolder();

  void setDeadLetterFolder(@Nullable String value);

  @Describe(group = "Write", order = 25)
  @Description(
      "Fields that dead letters must not keep, by their paths; they keep no key then either. What"
          + " is redacted cannot be replayed; payloads that are not JSON are left out whole.")
  @Nullable List<String> getDeadLetterRedact();

  void setDeadLetterRedact(@Nullable List<String> value);

  @Describe(group = "Scale", order = 26)
  @Description(
      "How many buckets ids and keys are divided among, on runners where steps keep them so; four "
          + "times the parallelism at least. A job cannot go on from a checkpoint or savepoint with "
          + "another number.")
  @Default.Integer(Buckets.DEFAULT_COUNT)
  @Range(min = 1, max = Buckets.MAX_COUNT)
  int getBuckets();

  void setBuckets(int value);

  @Describe(group = "Write", order = 27)
  @Description(
      "Guarantee for the output topic after a failure. EXACTLY_ONCE needs a runner with exact"
          + " checkpoints and consumers that read committed records; results are visible with the"
          + " next checkpoint.")
  @Default.Enum("AT_LEAST_ONCE")
  Guarantee getOutputGuarantee();

  void setOutputGuarantee(Guarantee value);
}
