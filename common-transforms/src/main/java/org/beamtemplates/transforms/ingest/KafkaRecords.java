package org.beamtemplates.transforms.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;

/** From KafkaIO's records to ours. */
final class KafkaRecords {

  private KafkaRecords() {}

  /** Returns a view of the record, with the headers that its producer gave it. */
  static RawRecord toRaw(KafkaRecord<byte[], byte[]> kafkaRecord) {
    return toRaw(
        Origin.kafka(kafkaRecord.getTopic(), kafkaRecord.getPartition(), kafkaRecord.getOffset()),
        kafkaRecord.getKV().getKey(),
        kafkaRecord.getKV().getValue(),
        kafkaRecord.getHeaders(),
        kafkaRecord.getTimestampType() == KafkaTimestampType.NO_TIMESTAMP_TYPE
            ? OptionalLong.empty()
            : OptionalLong.of(kafkaRecord.getTimestamp()));
  }

  /** As the other, of a record that KafkaIO has not seen. */
  static RawRecord toRaw(ConsumerRecord<byte[], byte[]> consumed) {
    return toRaw(
        Origin.kafka(consumed.topic(), consumed.partition(), consumed.offset()),
        consumed.key(),
        consumed.value(),
        consumed.headers(),
        consumed.timestampType() == TimestampType.NO_TIMESTAMP_TYPE
            ? OptionalLong.empty()
            : OptionalLong.of(consumed.timestamp()));
  }

  private static RawRecord toRaw(
      Origin own,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers kafkaHeaders,
      OptionalLong timestampMillis) {
    List<RawRecord.Header> headers = headers(kafkaHeaders);
    return RawRecord.of(ReplayHeaders.originOf(own, headers), key, value, headers, timestampMillis);
  }

  private static List<RawRecord.Header> headers(Headers kafkaHeaders) {
    List<RawRecord.Header> headers = List.of();
    for (Header header : kafkaHeaders) {
      if (!IdleAwarePolicyFactory.isStamp(header)) {
        if (headers.isEmpty()) {
          headers = new ArrayList<>();
        }
        headers.add(new RawRecord.Header(header.key(), header.value()));
      }
    }
    return headers;
  }
}
