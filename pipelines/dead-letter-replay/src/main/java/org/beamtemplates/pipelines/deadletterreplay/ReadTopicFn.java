package org.beamtemplates.pipelines.deadletterreplay;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a part of a topic. */
final class ReadTopicFn extends DoFn<TopicRange, Parcel> {

  private static final long serialVersionUID = 1L;

  private final ReplaySettings settings;

  ReadTopicFn(ReplaySettings settings) {
    this.settings = settings;
  }

  @ProcessElement
  public void process(@Element TopicRange range, OutputReceiver<Parcel> output) {
    try (TopicReader reader = settings.reader()) {
      reader.read(range, found -> output.output(parcel(found)));
    }
  }

  private static Parcel parcel(ConsumerRecord<byte[], byte[]> found) {
    String place = found.topic() + "-" + found.partition() + "@" + found.offset();
    return found.value() == null
        ? Parcel.tombstone(place, found.key())
        : Parcel.unopened(place, found.key(), found.value());
  }
}
