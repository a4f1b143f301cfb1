package org.beamtemplates.pipelines.deadletterreplay;

import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;
import org.beamtemplates.transforms.launch.Describe;
import org.beamtemplates.transforms.launch.DurationOption;
import org.beamtemplates.transforms.launch.Range;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Options of {@link DeadLetterReplay}. Dead letters from a topic or from files; back to topics. */
public interface DeadLetterReplayOptions extends PipelineOptions {

  @Describe(group = "Read", order = 1, example = "page-events.dead-letters")
  @Description(
      "Kafka topic with dead letters. Read from its beginning to where it ends when the job starts.")
  @Nullable String getDeadLetterTopic();

  void setDeadLetterTopic(@Nullable String value);

  @Describe(group = "Read", order = 2)
  @Description(
      "Files with dead letters: Avro containers, out/dead-letters/*.avro, or lines of JSON, *.jsonl.")
  @Nullable String getDeadLetters();

  void setDeadLetters(@Nullable String value);

  @Describe(group = "Read", order = 3, example = "localhost:9092")
  @Description(
      "Kafka brokers of all topics, host:port,host:port: one cluster, because a record and its "
          + "entry in the ledger are written in one transaction.")
  @Validation.Required
  String getBootstrapServers();

  void setBootstrapServers(String value);

  @Describe(group = "Select", order = 4)
  @Description("Categories to replay, such as DECODE,ENRICH. Default: all.")
  @Nullable List<String> getCategories();

  void setCategories(@Nullable List<String> value);

  @Describe(group = "Select", order = 5)
  @Description("Stages to replay, such as ingest,deliver. Default: all.")
  @Nullable List<String> getStages();

  void setStages(@Nullable List<String> value);

  @Describe(group = "Select", order = 6)
  @Description("Pipelines whose dead letters to replay. Default: all.")
  @Nullable List<String> getPipelines();

  void setPipelines(@Nullable List<String> value);

  @Describe(group = "Select", order = 7)
  @Description("Java classes of the errors, with or without package. Default: all.")
  @Nullable List<String> getErrorClasses();

  void setErrorClasses(@Nullable List<String> value);

  @Describe(group = "Select", order = 8)
  @Description("Ids of the dead letters to replay. Default: all.")
  @Nullable List<String> getIds();

  void setIds(@Nullable List<String> value);

  @Describe(group = "Select", order = 9)
  @Description("Only what failed at this time or later, such as 2026-01-31T08:00:00Z.")
  @Nullable String getSince();

  void setSince(@Nullable String value);

  @Describe(group = "Select", order = 10)
  @Description("Only what failed before this time, such as 2026-01-31T09:00:00Z.")
  @Nullable String getUntil();

  void setUntil(@Nullable String value);

  @Describe(group = "Send", order = 11)
  @Description("Kafka topic to send to. Default: the topic that each record came from.")
  @Nullable String getTargetTopic();

  void setTargetTopic(@Nullable String value);

  @Describe(group = "Send", order = 12)
  @Description(
      "Kafka topic that remembers what was sent; compacted, never deleted. Needed with files. "
          + "Default: the dead-letter topic and .replayed.")
  @Nullable String getLedgerTopic();

  void setLedgerTopic(@Nullable String value);

  @Describe(group = "Send", order = 13)
  @Description("Tell what would be sent, and send nothing.")
  @Default.Boolean(false)
  boolean getDryRun();

  void setDryRun(boolean value);

  @Describe(group = "Send", order = 14)
  @Description(
      "Java class that repairs records, a RepairFn on the class path, such as com.acme.FixPrices.")
  @Nullable String getRepair();

  void setRepair(@Nullable String value);

  @Describe(group = "Send", order = 15)
  @Description(
      "Records in one transaction at most; it also ends at 5 MB. Fewer are seen sooner, more are "
          + "sent faster.")
  @Default.Integer(500)
  @Range(min = 1, max = 10_000)
  int getTransactionSize();

  void setTransactionSize(int value);

  @Describe(group = "Give up", order = 16)
  @Description(
      "How long a record rests after its first failure; twice as long after each further one, an "
          + "hour at most. What is not due is left for a later run.")
  @Default.String("1m")
  @DurationOption
  String getBackoff();

  void setBackoff(String value);

  @Describe(group = "Give up", order = 17)
  @Description("A record that was tried this often is parked, or left, and not sent again.")
  @Default.Integer(5)
  @Range(min = 1, max = 1000)
  int getMaxAttempts();

  void setMaxAttempts(int value);

  @Describe(group = "Give up", order = 18)
  @Description("Kafka topic for dead letters that were tried too often. Default: they are left.")
  @Nullable String getParkingTopic();

  void setParkingTopic(@Nullable String value);

  @Describe(group = "Give up", order = 19)
  @Description("Kafka topic for what cannot be read as a dead letter. Default: it is left.")
  @Nullable String getQuarantineTopic();

  void setQuarantineTopic(@Nullable String value);

  @Describe(group = "Give up", order = 20)
  @Description(
      "Folder to write late events to, as lines of JSON, for a run of their template on files. "
          + "Default: late records are left, because they would be late again.")
  @Nullable String getBackfill();

  void setBackfill(@Nullable String value);
}
