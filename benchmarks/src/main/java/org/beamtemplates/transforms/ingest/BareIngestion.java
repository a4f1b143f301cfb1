package org.beamtemplates.transforms.ingest;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.beamtemplates.transforms.codec.DecodeException;
import org.beamtemplates.transforms.codec.Decoder;
import org.beamtemplates.transforms.observe.StageCounters;
import org.beamtemplates.transforms.record.Ingested;
import org.joda.time.Instant;

/**
 * The peer of {@link KafkaIngestion} in a benchmark, which is why it is in this package: the same
 * source in the same batches, and a decoder whose errors fail the bundle.
 *
 * @param <T> type of the values
 */
public final class BareIngestion<T> extends PTransform<PBegin, PCollection<Ingested<T>>> {

  private static final long serialVersionUID = 1L;

  private final Decoder<T> decoder;
  private final String bootstrapServers;
  private final String topic;
  private final String groupId;

  private BareIngestion(Decoder<T> decoder, String bootstrapServers, String topic, String groupId) {
    this.decoder = decoder;
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.groupId = groupId;
  }

  /** Reads a topic from its beginning; event time is Kafka's timestamp. */
  public static <T> BareIngestion<T> of(
      Decoder<T> decoder, String bootstrapServers, String topic, String groupId) {
    return new BareIngestion<>(decoder, bootstrapServers, topic, groupId);
  }

  @Override
  public PCollection<Ingested<T>> expand(PBegin begin) {
    KafkaIO.Read<byte[], byte[]> read =
        KafkaIO.<byte[], byte[]>read()
            .withBootstrapServers(bootstrapServers)
            .withTopics(List.of(topic))
            .withKeyDeserializer(ByteArrayDeserializer.class)
            .withValueDeserializer(ByteArrayDeserializer.class)
            .withConsumerConfigUpdates(
                Map.of(
                    ConsumerConfig.GROUP_ID_CONFIG,
                    groupId,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed"))
            .withConsumerFactoryFn(PositionedConsumers.ofFetched(StartFrom.earliest()))
            .withTimestampPolicyFactory(
                IdleAwarePolicyFactory.forBatches(
                    EventTime.ofRecordTimestamp().withMaxDelay(Duration.ofSeconds(5))))
            .commitOffsetsInFinalize();
    return begin
        .apply("ReadBatches", Read.from(inBatches(ReadSources.of(read))))
        .apply("Decode", ParDo.of(new DecodeFn<>(decoder)))
        .setCoder(Ingested.coder(decoder.coder()));
  }

  private static <C extends CheckpointMark> UnboundedSource<List<StampedRecord>, C> inBatches(
      UnboundedSource<KafkaRecord<byte[], byte[]>, C> source) {
    return BatchedSource.of(
        source, new IdleAwarePolicyFactory.Stamped(), StampedBatchCoder.of(), Clock.systemUTC());
  }

  private static final class DecodeFn<T> extends DoFn<List<StampedRecord>, Ingested<T>> {

    private static final long serialVersionUID = 1L;

    private final Decoder<T> decoder;
    private final StageCounters counters = StageCounters.of("ingest");

    DecodeFn(Decoder<T> decoder) {
      this.decoder = decoder;
    }

    @Setup
    public void setup() {
      decoder.open();
    }

    @ProcessElement
    public void process(@Element List<StampedRecord> batch, OutputReceiver<Ingested<T>> output)
        throws DecodeException {
      counters.in(batch.size());
      for (StampedRecord stamped : batch) {
        output.outputWithTimestamp(
            new Ingested<>(
                decoder.decode(stamped.raw()), stamped.raw().origin(), stamped.watermarkMillis()),
            Instant.ofEpochMilli(stamped.reading().millis()));
      }
    }
  }
}
