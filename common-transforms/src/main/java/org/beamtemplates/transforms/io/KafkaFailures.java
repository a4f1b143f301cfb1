package org.beamtemplates.transforms.io;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a failure to send to Kafka means. */
public enum KafkaFailures {
  /** The broker or the client refuses this record, and always will. */
  RECORD,
  /** The topic may be gone, or the broker away: that has to be asked. */
  TOPIC,
  /**
   * Anything else: the broker is away or busy, or the job may not write. Not the record's fault.
   */
  AWAY;

  /** Tells what a failure means that the producer has reported or thrown. */
  public static KafkaFailures of(Throwable error) {
    if (error instanceof RecordTooLargeException
        || error instanceof InvalidRecordException
        || error instanceof InvalidTimestampException
        || error instanceof PolicyViolationException
        || error instanceof InvalidTopicException
        || error instanceof SerializationException) {
      return RECORD;
    }
    // A topic that is not there shows as no answer: the producer waits for it to appear.
    return error instanceof UnknownTopicOrPartitionException || error instanceof TimeoutException
        ? TOPIC
        : AWAY;
  }
}
