package org.beamtemplates.transforms.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.kafka.common.header.Header;
import org.beamtemplates.transforms.record.Origin;
import org.beamtemplates.transforms.record.RawRecord;
import org.beamtemplates.transforms.record.ReplayHeaders;

/** From KafkaIO's records to ours. */
final class KafkaRecords {

  private KafkaRecords() {}

  /** Returns a view of the record, with the headers that its producer gave it. */
  static RawRecord toRaw(KafkaRecord<byte[], byte[]> kafkaRecord) {
    List<RawRecord.Header> headers = headers(kafkaRecord);
    Origin own =
        Origin.kafka(kafkaRecord.getTopic(), kafkaRecord.getPartition(), kafkaRecord.getOffset());
    return RawRecord.of(
        ReplayHeaders.originOf(own, headers),
        kafkaRecord.getKV().getKey(),
        kafkaRecord.getKV().getValue(),
        headers,
        kafkaRecord.getTimestampType() == KafkaTimestampType.NO_TIMESTAMP_TYPE
            ? OptionalLong.empty()
            : OptionalLong.of(kafkaRecord.getTimestamp()));
  }

  private static List<RawRecord.Header> headers(KafkaRecord<byte[], byte[]> kafkaRecord) {
    List<RawRecord.Header> headers = List.of();
    for (Header header : kafkaRecord.getHeaders()) {
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
