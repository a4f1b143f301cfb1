package org.beamtemplates.benchmarks.speed.flink;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.ExecutionCheckpointingOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.beamtemplates.benchmarks.speed.Job;
import org.beamtemplates.benchmarks.speed.Payment;
import org.beamtemplates.benchmarks.speed.Workload;

/**
 * What all native jobs have in common: an embedded cluster, objects reused, exactly-once
 * checkpoints in files, and the source.
 */
final class FlinkSetting {

  private final Job job;
  private final StreamExecutionEnvironment environment;

  FlinkSetting(Job job) {
    this.job = job;
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    // What Flink does not know well it would serialize with Kryo; in W3 nothing is serialized.
    configuration.set(PipelineOptions.GENERIC_TYPES, job.workload() == Workload.W3);
    configuration.set(
        ExecutionCheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(Job.CHECKPOINT_MILLIS));
    configuration.set(
        ExecutionCheckpointingOptions.CHECKPOINTING_MODE, CheckpointingMode.EXACTLY_ONCE);
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        job.folder().resolve("checkpoints").toUri().toString());
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
    configuration.set(
        StateBackendOptions.STATE_BACKEND, job.state() == Job.State.HEAP ? "hashmap" : "rocksdb");
    // As Beam's runner does for a cluster in its JVM; Flink alone takes 128 MB there.
    configuration.set(
        TaskManagerOptions.MANAGED_MEMORY_SIZE,
        new MemorySize(
            (long)
                (EnvironmentInformation.getSizeOfFreeHeapMemoryWithDefrag()
                    * TaskManagerOptions.MANAGED_MEMORY_FRACTION.defaultValue())));
    environment =
        StreamExecutionEnvironment.createLocalEnvironment(job.parallelism(), configuration);
  }

  /** Returns the charges of all payments. */
  DataStream<Charge> charges() {
    return source(new PaymentFunction.ToCharge(), TypeInformation.of(Charge.class));
  }

  /** Returns all payments, for a step that is chained to the source. */
  DataStream<Payment> payments() {
    return source(new PaymentFunction.Whole(), new GenericTypeInfo<>(Payment.class));
  }

  @SuppressWarnings("deprecation")
  private <T> DataStream<T> source(PaymentFunction<T> function, TypeInformation<T> type) {
    if (job.source() == Job.Source.MEMORY) {
      return environment
          .addSource(new ChargeSource<>(job.keys(), job.records(), function), "payments", type)
          .setParallelism(1);
    }
    KafkaSource<T> source =
        KafkaSource.<T>builder()
            .setBootstrapServers(job.bootstrapServers())
            .setTopics(job.topic())
            .setGroupId("native")
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setProperty(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                Integer.toString(Job.FETCH_MAX_WAIT_MILLIS))
            .setDeserializer(new PaymentDeserializer<>(function, type))
            .build();
    // The time of a record is Kafka's; each partition has a watermark of its own.
    return environment.fromSource(
        source, WatermarkStrategy.forBoundedOutOfOrderness(Workload.MAX_DELAY), "payments");
  }

  void execute() throws Exception {
    environment.execute(job.workload().title());
  }
}
