package org.beamtemplates.transforms.deliver;

import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.joda.time.Instant;

/** A value on its way to Kafka, and what its dead letter needs if it does not get there. */
record Outgoing<T>(
    T value, ProducerRecord<byte[], byte[]> written, Instant timestamp, BoundedWindow window) {

  /** It did not get there. */
  record Failed<T>(Outgoing<T> outgoing, Exception reason) {}
}
