package org.beamtemplates.cli.demo;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.beamtemplates.schemas.DeadLetter;
import org.beamtemplates.transforms.deadletter.DeadLetterCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dead letters as they lie in their topic, and how they are told to people. */
final class Letter {

  private static final Logger LOG = LoggerFactory.getLogger(Letter.class);
  private static final int PAYLOAD_BYTES = 60;

  private Letter() {}

  /** Returns the dead letter; empty if somebody has written something else into the topic. */
  static Optional<DeadLetter> of(ConsumerRecord<byte[], byte[]> found) {
    try {
      return found.value() == null
          ? Optional.empty()
          : Optional.of(DeadLetterCodec.decode(found.value()));
    } catch (IllegalArgumentException e) {
      LOG.info("No dead letter in {}-{}@{}", found.topic(), found.partition(), found.offset(), e);
      return Optional.empty();
    }
  }

  /** Returns topic-partition@offset of the record. */
  static String place(DeadLetter letter) {
    return letter.getPartition() == null
        ? String.valueOf(letter.getSource())
        : letter.getSource() + "-" + letter.getPartition() + "@" + letter.getOffset();
  }

  static String reason(DeadLetter letter) {
    if (letter.getErrorMessage().isEmpty()
        && letter.getWindowEndMs() != null
        && letter.getWatermarkMs() != null) {
      long late = letter.getWatermarkMs() - letter.getWindowEndMs();
      return "its window ended " + Numbers.about(Duration.ofMillis(late)) + " before the watermark";
    }
    return Printable.text(letter.getErrorMessage());
  }

  static String payload(DeadLetter letter) {
    ByteBuffer payload = letter.getPayload();
    if (payload == null) {
      return "(null)";
    }
    return payload.hasRemaining() ? Printable.bytes(payload, PAYLOAD_BYTES) : "(empty)";
  }
}
