package org.beamtemplates.benchmarks.analytics;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.beamtemplates.pipelines.realtimeanalytics.PageAggregate;
import org.beamtemplates.schemas.PageStatistics;
import org.beamtemplates.transforms.codec.EncodeException;
import org.beamtemplates.transforms.codec.Encoder;

/** Results as the template writes them. */
final class StatisticsRecords implements KafkaRecordSerializationSchema<PageStatistics> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final Encoder<PageStatistics> encoder;

  StatisticsRecords(String topic, Encoder<PageStatistics> encoder) {
    this.topic = topic;
    this.encoder = encoder;
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    encoder.open();
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      PageStatistics statistics, KafkaSinkContext context, Long timestamp) {
    try {
      return new ProducerRecord<>(topic, PageAggregate.key(statistics), encoder.encode(statistics));
    } catch (EncodeException e) {
      throw new IllegalStateException("Cannot encode " + statistics, e);
    }
  }
}
