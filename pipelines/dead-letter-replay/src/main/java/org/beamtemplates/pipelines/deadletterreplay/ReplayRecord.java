package org.beamtemplates.pipelines.deadletterreplay;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.beamtemplates.transforms.record.RawRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A Kafka record that is sent again. The arrays are not copied: read them, never write. */
public final class ReplayRecord {

  private final String topic;
  private final byte @Nullable [] key;
  private final byte @Nullable [] value;
  private final List<RawRecord.Header> headers;

  ReplayRecord(
      String topic,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RawRecord.Header> headers) {
    this.topic = requireNonNull(topic, "topic");
    this.key = key;
    this.value = value;
    this.headers = List.copyOf(headers);
  }

  /** Returns the topic that it goes to. */
  public String topic() {
    return topic;
  }

  /** Returns the key, or null if it has none. */
  public byte @Nullable [] key() {
    return key;
  }

  /** Returns the value, or null: a tombstone. */
  public byte @Nullable [] value() {
    return value;
  }

  /** Returns the headers, in order. */
  public List<RawRecord.Header> headers() {
    return headers;
  }

  /** Returns the record for another topic. */
  public ReplayRecord withTopic(String other) {
    return new ReplayRecord(other, key, value, headers);
  }

  /** Returns the record with another key. */
  public ReplayRecord withKey(byte @Nullable [] other) {
    return new ReplayRecord(topic, other, value, headers);
  }

  /** Returns the record with another value. */
  public ReplayRecord withValue(byte @Nullable [] other) {
    return new ReplayRecord(topic, key, other, headers);
  }

  /** Returns the record with other headers. */
  public ReplayRecord withHeaders(List<RawRecord.Header> others) {
    return new ReplayRecord(topic, key, value, others);
  }
}
